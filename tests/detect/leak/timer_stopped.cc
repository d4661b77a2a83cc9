// SPDX-License-Identifier: Apache-2.0
// The timer was stopped: nobody sends any more, and its channel is never closed.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: leaked goroutine
#include <gordian/gordian.h>

#include <chrono>

#include "support/step.h"

using namespace std::chrono_literals;

int main() {
  const gordian::Timer timer(1h);
  gordian::go([timer] {
    timer.channel().recv();  // CHECK-DAG: waits for timer timer at {{.*}}.cc:[[#@LINE]]
  });
  step::until_waiting(1);
  timer.stop();
}
// CHECK: 1 finding
