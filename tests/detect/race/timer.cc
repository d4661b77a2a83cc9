// SPDX-License-Identifier: Apache-2.0
// What is before a timer is set is before its call; what comes after that is not.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
#include <gordian/gordian.h>

#include <chrono>

#include "support/step.h"

using namespace std::chrono_literals;

int before = 0;
int after = 0;

int main() {
  step::Meeting both(2);
  before = 1;
  gordian::after_func(1ms, [&] {
    ++before;
    ++after;  // CHECK-DAG: .cc:[[#@LINE]]
    both.arrive();
  });
  after = 1;  // CHECK-DAG: .cc:[[#@LINE]]
  both.arrive();
}
// CHECK: 1 finding
