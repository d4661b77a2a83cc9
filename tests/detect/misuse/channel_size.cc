// SPDX-License-Identifier: Apache-2.0
// A capacity below zero. Subkind: channel-size.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: misuse
// CHECK-SAME: size out of range
#include <gordian/gordian.h>

int main() {
  const int room = -1;
  auto jobs = gordian::make_chan<int>(room);  // CHECK-DAG: .cc:[[#@LINE]]
  (void)jobs;
}
// CHECK: 1 finding
