// SPDX-License-Identifier: Apache-2.0
// A goroutine waits for the end of a context, and the cancel function is forgotten.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: leaked goroutine
#include <gordian/gordian.h>

#include "support/step.h"

int main() {
  const auto [ctx, cancel] = gordian::with_cancel(gordian::background());
  gordian::go([ctx = ctx] {
    ctx.done().recv();  // CHECK-DAG: waits for the end of context ctx at {{.*}}.cc:[[#@LINE]]
  });
  step::until_waiting(1);
}
// CHECK: no goroutine left that cancels it
// CHECK: 1 finding
