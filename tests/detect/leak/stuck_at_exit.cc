// SPDX-License-Identifier: Apache-2.0
// The program ends by exit() while a goroutine waits for a channel that was never made: not even main could have woken
// it, so it was stuck already while the program ran.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: stuck goroutine
#include <gordian/gordian.h>

#include <cstdlib>

#include "support/step.h"

int main() {
  gordian::Chan<int> never_made;
  gordian::go([=] {     // CHECK-DAG: .cc:[[#@LINE]]
    never_made.recv();  // CHECK-DAG: .cc:[[#@LINE]]
  });
  step::until_waiting(1);
  std::exit(0);
}
// CHECK: 1 finding
