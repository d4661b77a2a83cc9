// SPDX-License-Identifier: Apache-2.0
// Sleeping long enough is not waiting: it works, and nothing orders the two.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: value
#include <gordian/gordian.h>

#include <chrono>

using namespace std::chrono_literals;

int value = 0;

int main() {
  gordian::go([] {
    value = 1;  // CHECK-DAG: .cc:[[#@LINE]]
  });
  gordian::sleep(50ms);
  return value == -1 ? 1 : 0;  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
