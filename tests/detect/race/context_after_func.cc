// SPDX-License-Identifier: Apache-2.0
// What is before the registration and what is before the cancellation are both before the call, whoever cancels.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <string>

#include "support/step.h"

int at_cancel = 0;

int main() {
  step::Order order;
  gordian::WaitGroup group;
  group.add(1);
  const auto [ctx, cancel] = gordian::with_cancel(gordian::background());
  group.go([&, ctx = ctx] {
    order.at(0, [&] {
      const std::string text(100, 'x');
      gordian::after_func(ctx, [&group, text] {
        at_cancel += static_cast<int>(text.size());
        group.done();
      });
    });
  });
  group.go([&, cancel = cancel] {
    order.at(1, [&] {
      at_cancel = 1;
      cancel();
    });
  });
  group.wait();
}
