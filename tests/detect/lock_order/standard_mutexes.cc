// SPDX-License-Identifier: Apache-2.0
// Locks of the standard library in plain threads, found at the program's own lines: two pairs, two mistakes.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK-COUNT-2: lock-order inversion
#include <gordian/gordian.h>

#include <memory>
#include <mutex>
#include <thread>

#include "support/step.h"

struct Pair {
  std::mutex first;
  std::mutex second;
};

// CHECK-NOT: gthr-default
void take_one(Pair& pair) {
  const std::lock_guard outer(pair.first);
  const std::lock_guard inner(pair.second);
}
void take_two(Pair& pair) {
  const std::lock_guard outer(pair.second);
  const std::lock_guard inner(pair.first);
}
void take_three(Pair& pair) {
  const std::lock_guard outer(pair.first);
  const std::lock_guard inner(pair.second);
}
void take_four(Pair& pair) {
  const std::lock_guard outer(pair.second);
  const std::lock_guard inner(pair.first);
}

int main() {
  const auto a = std::make_unique<Pair>();
  const auto b = std::make_unique<Pair>();
  step::Order order;
  std::thread one([&] {
    order.at(0, [&] {
      take_one(*a);
      take_three(*b);
    });
  });
  std::thread two([&] {
    order.at(1, [&] {
      take_two(*a);
      take_four(*b);
    });
  });
  one.join();
  two.join();
}
// CHECK: 2 findings
