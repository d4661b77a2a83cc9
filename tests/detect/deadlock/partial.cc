// SPDX-License-Identifier: Apache-2.0
// Two goroutines are caught in a cycle while main goes on and ends well.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: deadlock
// CHECK-SAME: partial
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

gordian::Mutex a;
gordian::Mutex b;
step::Meeting both_hold(2);

int main() {
  gordian::go([] {
    std::lock_guard hold_a(a);  // CHECK-DAG: .cc:[[#@LINE]]
    both_hold.arrive();
    std::lock_guard hold_b(b);  // CHECK-DAG: .cc:[[#@LINE]]
  });
  gordian::go([] {
    std::lock_guard hold_b(b);  // CHECK-DAG: .cc:[[#@LINE]]
    both_hold.arrive();
    std::lock_guard hold_a(a);  // CHECK-DAG: .cc:[[#@LINE]]
  });
  step::until_waiting(2);
}
// CHECK: 1 finding
