// SPDX-License-Identifier: Apache-2.0
// A local variable of main, captured by reference.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: total
#include <gordian/gordian.h>

#include <cstdio>

int main() {
  int total = 0;
  auto started = gordian::make_chan<void>();
  gordian::go([&] {  // CHECK-DAG: .cc:[[#@LINE]]
    started.recv();
    total = 1;  // CHECK-DAG: .cc:[[#@LINE]]
    started.recv();
  });
  started.send();
  std::printf("%d\n", total);  // CHECK-DAG: .cc:[[#@LINE]]
  started.send();
}
// CHECK: 1 finding
