// SPDX-License-Identifier: Apache-2.0
// A circle through three locks and three goroutines.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: lock-order inversion
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

gordian::Mutex a;
gordian::Mutex b;
gordian::Mutex c;

void both(gordian::Mutex& first, gordian::Mutex& second) {
  std::lock_guard hold_first(first);    // CHECK-DAG: .cc:[[#@LINE]]
  std::lock_guard hold_second(second);  // CHECK-DAG: .cc:[[#@LINE]]
}

int main() {
  gordian::WaitGroup done;
  step::Order order;
  done.go([&] { order.at(0, [] { both(a, b); }); });
  done.go([&] { order.at(1, [] { both(b, c); }); });
  done.go([&] { order.at(2, [] { both(c, a); }); });
  done.wait();
}
// CHECK: 1 finding
