// SPDX-License-Identifier: Apache-2.0
// Opposite orders that can never deadlock, both reported by ThreadSanitizer: in one thread, and under a gate lock. Two
// threads without the gate are the real thing.
// RUN: %gordian_cxx -O1 %s -o %t.one
// RUN: %gordian_run 0 %t.one | FileCheck %s
// RUN: %gordian_cxx -O1 -DTHREADS -DGATE %s -o %t.gate
// RUN: %gordian_run 0 %t.gate | FileCheck %s
// RUN: %gordian_cxx -O1 -DTHREADS %s -o %t.open
// RUN: %gordian_run 66 %t.open | FileCheck %s --check-prefix=OPEN
// CHECK: no findings
// OPEN: lock-order inversion
// OPEN: 1 finding
#include <mutex>
#include <thread>

#include "support/step.h"

std::mutex gate;
std::mutex a;
std::mutex b;

void take(std::mutex& first, std::mutex& second) {
#ifdef GATE
  const std::lock_guard enter(gate);
#endif
  const std::lock_guard outer(first);
  const std::lock_guard inner(second);
}

int main() {
#ifdef THREADS
  step::Order order;
  std::thread one([&] { order.at(0, [] { take(a, b); }); });
  std::thread two([&] { order.at(1, [] { take(b, a); }); });
  one.join();
  two.join();
#else
  take(a, b);
  take(b, a);
#endif
}
