// SPDX-License-Identifier: Apache-2.0
// done() once too often. Subkind: negative-waitgroup.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: misuse
// CHECK-SAME: negative WaitGroup counter
#include <gordian/gordian.h>

int main() {
  gordian::WaitGroup done;
  done.add(1);
  done.done();
  done.done();  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
