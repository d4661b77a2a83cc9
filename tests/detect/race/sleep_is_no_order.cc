// SPDX-License-Identifier: Apache-2.0
// Sleeping long enough is not waiting: it works, and nothing orders the two. The case is about the sleep, which stays;
// that it was long enough is forced.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: value
#include <gordian/gordian.h>

#include <chrono>

#include "support/step.h"

using namespace std::chrono_literals;

int value = 0;
step::Meeting long_enough(2);

int main() {
  gordian::go([] {
    value = 1;  // CHECK-DAG: .cc:[[#@LINE]]
    long_enough.arrive();
  });
  gordian::sleep(1ms);
  long_enough.arrive();
  return value == -1 ? 1 : 0;  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
