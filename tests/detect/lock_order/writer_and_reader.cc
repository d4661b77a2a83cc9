// SPDX-License-Identifier: Apache-2.0
// A read lock inside a write lock, and the reverse, on two RWMutexes: a reader waits for a writer.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: lock-order inversion
#include <gordian/gordian.h>

#include <mutex>
#include <shared_mutex>

#include "support/step.h"

gordian::RWMutex a;
gordian::RWMutex b;

int main() {
  gordian::WaitGroup done;
  step::Order order;
  done.go([&] {
    order.at(0, [] {
      std::lock_guard hold_a(a);   // CHECK-DAG: .cc:[[#@LINE]]
      std::shared_lock hold_b(b);  // CHECK-DAG: .cc:[[#@LINE]]
    });
  });
  done.go([&] {
    order.at(1, [] {
      std::lock_guard hold_b(b);   // CHECK-DAG: .cc:[[#@LINE]]
      std::shared_lock hold_a(a);  // CHECK-DAG: .cc:[[#@LINE]]
    });
  });
  done.wait();
}
// CHECK: 1 finding
