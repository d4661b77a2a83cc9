// SPDX-License-Identifier: Apache-2.0
// Three workers check one file each, main waits for all of them. A worker that finds its file empty returns early and
// forgets to call done(): the counter never reaches zero.
#include <gordian/gordian.h>

#include <array>
#include <cstdio>

constexpr std::array<int, 3> kFileSizes = {120, 0, 64};

void check(int file, int& lines, gordian::WaitGroup& checked) {
  const int size = kFileSizes[file];
  if (size == 0) {
    return;  // without done()
  }
  lines = size / 8;
  checked.done();
}

int main() {
  gordian::WaitGroup checked;
  std::array<int, 3> lines = {};
  for (int file = 0; file < 3; ++file) {
    checked.add(1);
    gordian::go([file, &lines, &checked] { check(file, lines[file], checked); });
  }
  checked.wait();  // [1] waits for the third done()
  std::printf("%d lines\n", lines[0] + lines[1] + lines[2]);
}
