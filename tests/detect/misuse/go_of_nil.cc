// SPDX-License-Identifier: Apache-2.0
// Starting a goroutine with an empty function. Subkind: go-of-nil.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: misuse
// CHECK-SAME: go of nil func value
#include <gordian/gordian.h>

#include <functional>

int main() {
  std::function<void()> nothing;
  gordian::go(nothing);  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
