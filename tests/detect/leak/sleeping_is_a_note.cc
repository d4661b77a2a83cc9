// SPDX-License-Identifier: Apache-2.0
// A goroutine that sleeps when main returns would have gone on: a note, not a finding.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <chrono>

#include "support/step.h"

using namespace std::chrono_literals;

void print_numbers() {
  for (int i = 0; i < 10; ++i) {
    gordian::sleep(500ms);
  }
}

int main() {
  gordian::go(print_numbers);
  step::until_waiting(1);
}
