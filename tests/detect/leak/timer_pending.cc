// SPDX-License-Identifier: Apache-2.0
// Goroutines that wait for timers are late, not leaked: a timer, a ticker, the deadline of a context.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <chrono>

#include "support/step.h"

using namespace std::chrono_literals;

int main() {
  const gordian::Ticker ticker(1ms);
  gordian::go([] { gordian::after(1h).recv(); });
  gordian::go([ticker] {
    for (;;) ticker.channel().recv();
  });
  step::until_waiting(2);
}
