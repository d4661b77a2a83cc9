// SPDX-License-Identifier: Apache-2.0
// Two goroutines write one global variable.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: hits
#include <gordian/gordian.h>

int hits = 0;

void serve() {
  ++hits;  // CHECK-DAG: .cc:[[#@LINE]]
}

int main() {
  gordian::WaitGroup served;
  served.go(serve);  // CHECK-DAG: .cc:[[#@LINE]]
  served.go(serve);
  served.wait();
}
// CHECK: 1 finding
