// SPDX-License-Identifier: Apache-2.0
// Nobody ever signals: no signal was lost, the goroutine is leaked.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: leaked goroutine
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

gordian::Mutex mu;
gordian::Cond ready(mu);

int main() {
  gordian::go([] {
    const std::scoped_lock guard(mu);
    ready.wait();  // CHECK-DAG: waits for a signal of Cond ready at {{.*}}.cc:[[#@LINE]]
  });
  step::until_waiting(1);
}
// CHECK: no goroutine left that signals it
// CHECK: 1 finding
