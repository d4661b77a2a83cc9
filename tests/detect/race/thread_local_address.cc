// SPDX-License-Identifier: Apache-2.0
// The address of a thread-local variable, given to a thread of its own: two threads, one variable, no order.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race {{.*}}nothing orders the two
// CHECK: thread-local variable
#include <gordian/gordian.h>

#include <thread>

thread_local int used;

int main() {
  int* mine = &used;
  std::thread other([=] {
    ++*mine;  // CHECK-DAG: .cc:[[#@LINE]]
  });
  ++used;  // CHECK-DAG: .cc:[[#@LINE]]
  other.join();
}
// CHECK: 1 finding
