// SPDX-License-Identifier: Apache-2.0
// A nil channel is never ready.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: deadlock
// CHECK-DAG: nil channel
#include <gordian/gordian.h>

int main() {
  gordian::Chan<int> never_made;
  never_made.recv();  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
