// SPDX-License-Identifier: Apache-2.0
// A sleeper hides the leak: it could still receive, as far as the trace tells. A note names who waits.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <chrono>

#include "support/step.h"

using namespace std::chrono_literals;

int main() {
  gordian::go([] { gordian::sleep(1h); });
  auto lost = gordian::make_chan<int>();
  gordian::go([=] { lost.send(1); });
  step::until_waiting(2);
}
// CHECK: 1 goroutine was still waiting when the program ended
