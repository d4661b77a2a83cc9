// SPDX-License-Identifier: Apache-2.0
// The inversion strikes: both hold their first lock before either asks for its second.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: deadlock
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

gordian::Mutex a;
gordian::Mutex b;

int main() {
  step::Meeting both_hold(2);
  gordian::WaitGroup done;
  done.go([&] {
    std::lock_guard hold_a(a);  // CHECK-DAG: .cc:[[#@LINE]]
    both_hold.arrive();
    std::lock_guard hold_b(b);  // CHECK-DAG: .cc:[[#@LINE]]
  });
  done.go([&] {
    std::lock_guard hold_b(b);  // CHECK-DAG: .cc:[[#@LINE]]
    both_hold.arrive();
    std::lock_guard hold_a(a);  // CHECK-DAG: .cc:[[#@LINE]]
  });
  done.wait();
}
// CHECK: 1 finding
