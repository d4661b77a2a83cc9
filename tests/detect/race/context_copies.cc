// SPDX-License-Identifier: Apache-2.0
// Copies of a context, its children and its values order nothing.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
#include <gordian/gordian.h>

#include "support/step.h"

int value = 0;

void use(const gordian::Context& ctx) {
  const gordian::Context copy = gordian::with_value(ctx, "key", 1);
  const gordian::ContextScope scope(copy);
  static_cast<void>(scope.context().err());
}

int main() {
  const auto [ctx, cancel] = gordian::with_cancel(gordian::background());
  step::Order order;
  gordian::WaitGroup group;
  group.go([&, ctx = ctx] {
    order.at(0, [&] {
      ++value;  // CHECK-DAG: .cc:[[#@LINE]]
      use(ctx);
    });
  });
  group.go([&, ctx = ctx] {
    order.at(1, [&] {
      use(ctx);
      ++value;  // CHECK-DAG: .cc:[[#@LINE]]
    });
  });
  group.wait();
  cancel();
}
// CHECK: 1 finding
