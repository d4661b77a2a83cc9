// SPDX-License-Identifier: Apache-2.0
// Every way out of check() counts down, once, by the deferred call alone.
#include <gordian/gordian.h>

#include <array>
#include <cstdio>

constexpr std::array<int, 2> kFileSizes = {120, 0};

void check(int file, gordian::WaitGroup& checked) {
  GORDIAN_DEFER { checked.done(); };
  if (kFileSizes[file] == 0) {
    return;
  }
  std::printf("file %d has %d bytes\n", file, kFileSizes[file]);
}

int main() {
  gordian::WaitGroup checked;
  checked.add(1);
  gordian::go([&checked] { check(0, checked); });
  checked.wait();
  checked.add(1);
  check(1, checked);
}
