// SPDX-License-Identifier: Apache-2.0
// A select without cases waits for ever.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: deadlock
#include <gordian/gordian.h>

int main() {
  gordian::Select{}.run();  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
