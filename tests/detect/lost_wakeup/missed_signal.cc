// SPDX-License-Identifier: Apache-2.0
// The signal comes before the wait: the waiter hangs, and main waits for the waiter. What hangs is named, and the
// signal.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: lost wake-up
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

gordian::Mutex mu;
gordian::Cond ready(mu);

int main() {
  step::Order order;
  gordian::WaitGroup group;
  group.go([&] {
    order.at(1, [] {});
    const std::scoped_lock guard(mu);
    ready.wait();  // CHECK-DAG: waits for a signal of Cond ready at {{.*}}.cc:[[#@LINE]]
  });
  order.at(0, [] {
    ready.signal();  // CHECK-DAG: needs a signal, its last signal found nobody waiting at {{.*}}.cc:[[#@LINE]]
  });
  group.wait();
}
// CHECK: hint: keep the fact in a variable under the lock
// CHECK: 1 finding
