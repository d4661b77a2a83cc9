// SPDX-License-Identifier: Apache-2.0
// Main returns while the goroutine waits for a broadcast that came too early: lost, which says more than leaked.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: lost wake-up
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

gordian::Mutex mu;
gordian::Cond go_ahead(mu);

int main() {
  go_ahead.broadcast();  // CHECK-DAG: .cc:[[#@LINE]]
  gordian::go([] {
    const std::scoped_lock guard(mu);
    go_ahead.wait();  // CHECK-DAG: .cc:[[#@LINE]]
  });
  step::until_waiting(1);
}
// CHECK-NOT: leaked goroutine
// CHECK: 1 finding
