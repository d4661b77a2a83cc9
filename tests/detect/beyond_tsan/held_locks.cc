// SPDX-License-Identifier: Apache-2.0
// 65 locks held at once are one too many for ThreadSanitizer's deadlock detector, which ends the program. Here 1,000
// are not, and an inversion between the outermost and the innermost is found.
// RUN: %gordian_cxx -O1 -DLOCKS=65 %s -o %t.65
// RUN: %gordian_run 0 %t.65 | FileCheck %s
// RUN: %gordian_cxx -O1 -DLOCKS=1000 %s -o %t.1000
// RUN: %gordian_run 0 %t.1000 | FileCheck %s
// RUN: %gordian_cxx -O1 -DLOCKS=65 -DINVERTED %s -o %t.65.inverted
// RUN: %gordian_run 66 %t.65.inverted | FileCheck %s --check-prefix=INVERTED
// RUN: %gordian_cxx -O1 -DLOCKS=1000 -DINVERTED %s -o %t.1000.inverted
// RUN: %gordian_run 66 %t.1000.inverted | FileCheck %s --check-prefix=INVERTED
// CHECK: no findings
// INVERTED: lock-order inversion
// INVERTED: 1 finding
#include <array>
#include <mutex>
#include <thread>

#include "support/step.h"

std::array<std::mutex, LOCKS> locks;

void take_all() {
  for (auto& lock : locks) {
    lock.lock();
  }
  for (auto& lock : locks) {
    lock.unlock();
  }
}

void take_ends() {
#ifdef INVERTED
  const std::lock_guard innermost(locks.back());
  const std::lock_guard outermost(locks.front());
#else
  const std::lock_guard outermost(locks.front());
  const std::lock_guard innermost(locks.back());
#endif
}

int main() {
  step::Order order;
  std::thread one([&] { order.at(0, take_all); });
  std::thread two([&] { order.at(1, take_ends); });
  one.join();
  two.join();
}
