// SPDX-License-Identifier: Apache-2.0
// Three workers check one file each, main waits for all of them. done() is deferred first, so that every way out calls
// it.
#include <gordian/gordian.h>

#include <array>
#include <cstdio>

constexpr std::array<int, 3> kFileSizes = {120, 0, 64};

void check(int file, int& lines, gordian::WaitGroup& checked) {
  gordian::Defer done{[&] { checked.done(); }};
  const int size = kFileSizes[file];
  if (size == 0) {
    return;
  }
  lines = size / 8;
}

int main() {
  gordian::WaitGroup checked;
  std::array<int, 3> lines = {};
  for (int file = 0; file < 3; ++file) {
    checked.add(1);
    gordian::go([file, &lines, &checked] { check(file, lines[file], checked); });
  }
  checked.wait();
  std::printf("%d lines\n", lines[0] + lines[1] + lines[2]);
}
