// SPDX-License-Identifier: Apache-2.0
// Every way out of check() counts down by a deferred call; the early return does it by hand as well. The file that main
// checks last, itself, is empty: the counter goes below zero.
#include <gordian/gordian.h>

#include <array>
#include <cstdio>

constexpr std::array<int, 2> kFileSizes = {120, 0};

void check(int file, gordian::WaitGroup& checked) {
  GORDIAN_DEFER {
    checked.done();  // [1] and once more
  };
  if (kFileSizes[file] == 0) {
    checked.done();  // [4] by hand
    return;
  }
  std::printf("file %d has %d bytes\n", file, kFileSizes[file]);
}

int main() {
  gordian::WaitGroup checked;
  checked.add(1);                                  // [2]
  gordian::go([&checked] { check(0, checked); });  // [go]
  checked.wait();
  checked.add(1);  // [3]
  check(1, checked);
}
