// SPDX-License-Identifier: Apache-2.0
// Two goroutines, two locks, two orders. The second starts when the first has ended, which nobody told the locks.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: lock-order inversion
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

gordian::Mutex a;
gordian::Mutex b;

int main() {
  gordian::WaitGroup done;
  step::Order order;
  done.go([&] {
    order.at(0, [] {
      std::lock_guard hold_a(a);  // CHECK-DAG: .cc:[[#@LINE]]
      std::lock_guard hold_b(b);  // CHECK-DAG: .cc:[[#@LINE]]
    });
  });
  done.go([&] {
    order.at(1, [] {
      std::lock_guard hold_b(b);  // CHECK-DAG: .cc:[[#@LINE]]
      std::lock_guard hold_a(a);  // CHECK-DAG: .cc:[[#@LINE]]
    });
  });
  done.wait();
}
// CHECK: 1 finding
