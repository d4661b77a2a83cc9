// SPDX-License-Identifier: Apache-2.0
// The same, read after the goroutine has said that it is done.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <cstdio>

int main() {
  int total = 0;
  auto done = gordian::make_chan<void>();
  gordian::go([&] {
    total = 1;
    done.send();
  });
  done.recv();
  std::printf("%d\n", total);
}
