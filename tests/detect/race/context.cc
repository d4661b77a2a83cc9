// SPDX-License-Identifier: Apache-2.0
// What is before cancel is before the end of a wait for done(), also below, and before err() says so.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int value = 0;

int main() {
  const auto [ctx, cancel] = gordian::with_cancel(gordian::background());
  gordian::WaitGroup group;
  group.go([below = gordian::with_value(ctx, "key", 1)] {
    const gordian::ContextScope scope(below);
    scope.context().done().recv();
    static_cast<void>(value);
    gordian::yield();
  });
  group.go([ctx = ctx] {
    while (ctx.err() == gordian::ContextError::none) gordian::yield();
    if (value != 1) __builtin_trap();
  });
  value = 1;
  cancel();
  group.wait();
}
