// SPDX-License-Identifier: Apache-2.0
// main ends itself; the others go on until none can.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: deadlock
#include <gordian/gordian.h>

int main() {
  const auto never = gordian::make_chan<int>();
  gordian::go([never] {
    never.recv();  // CHECK-DAG: .cc:[[#@LINE]]
  });
  gordian::goexit();
}
// CHECK: 1 finding
