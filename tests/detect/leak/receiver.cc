// SPDX-License-Identifier: Apache-2.0
// A worker ranges over a channel that nobody closes; main returns.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: leaked goroutine
#include <gordian/gordian.h>

#include "support/step.h"

int main() {
  auto jobs = gordian::make_chan<int>();
  gordian::go([=] {         // CHECK-DAG: .cc:[[#@LINE]]
    for (int job : jobs) {  // CHECK-DAG: .cc:[[#@LINE]]
      (void)job;
    }
  });
  jobs.send(1);
  step::until_waiting(1);
}
// CHECK: 1 finding
