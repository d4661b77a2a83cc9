// SPDX-License-Identifier: Apache-2.0
// Putting an item orders what was done with it before, not what is done with it afterwards.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
#include <gordian/gordian.h>

#include <memory>

#include "support/step.h"

int main() {
  gordian::Pool<std::shared_ptr<int>> pool([] { return std::make_shared<int>(0); });
  step::Order order;
  gordian::WaitGroup group;
  group.go([&] {
    order.at(0, [&] {
      const auto item = pool.get();
      *item = 1;
      pool.put(item);
      *item = 2;  // CHECK-DAG: .cc:[[#@LINE]]
    });
  });
  group.go([&] {
    order.at(1, [&] {
      const auto item = pool.get();
      *item = 3;  // CHECK-DAG: .cc:[[#@LINE]]
    });
  });
  group.wait();
}
// CHECK: 1 finding
