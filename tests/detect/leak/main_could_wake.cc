// SPDX-License-Identifier: Apache-2.0
// Blocked at the end, but another goroutine that only sleeps could still send.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <chrono>

#include "support/step.h"

using namespace std::chrono_literals;

int main() {
  auto ticks = gordian::make_chan<int>();
  gordian::go([=] {
    ticks.send(1);
    gordian::sleep(1h);
    ticks.send(2);
  });
  gordian::go([=] {
    ticks.recv();
    ticks.recv();
  });
  step::until_waiting(2);
}
