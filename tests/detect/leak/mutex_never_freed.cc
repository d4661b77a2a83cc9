// SPDX-License-Identifier: Apache-2.0
// The holder of the lock has ended: nobody will ever unlock it.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: leaked goroutine
#include <gordian/gordian.h>

#include "support/step.h"

gordian::Mutex mu;

int main() {
  auto locked = gordian::make_chan<void>();
  gordian::go([=] {
    mu.lock();
    locked.send();
  });
  locked.recv();
  gordian::go([] {  // CHECK-DAG: .cc:[[#@LINE]]
    mu.lock();      // CHECK-DAG: .cc:[[#@LINE]]
  });
  step::until_waiting(1);
  step::until_left(2);
}
// CHECK: 1 finding
