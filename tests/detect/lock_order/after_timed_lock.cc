// SPDX-License-Identifier: Apache-2.0
// A lock that was waited for with a time limit, given back, and then taken without one: that one may wait for ever.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: lock-order inversion
#include <gordian/gordian.h>

#include "support/step.h"

gordian::Mutex a;
gordian::Mutex b;

int main() {
  gordian::WaitGroup done;
  step::Order order;
  done.go([&] {
    a.lock();
    order.at(0, [] {});
    step::until_waiting(1);  // main, for a
    a.unlock();
    order.at(2, [] {
      a.lock();
      b.lock();  // CHECK-DAG: .cc:[[#@LINE]]
      b.unlock();
      a.unlock();
    });
  });
  order.at(1, [] {
    b.lock();
    while (!a.try_lock_for(std::chrono::seconds(10))) {
    }
    a.unlock();
    a.lock();  // CHECK-DAG: .cc:[[#@LINE]]
    a.unlock();
    b.unlock();
  });
  done.wait();
}
// CHECK: 1 finding
