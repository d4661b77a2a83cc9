// SPDX-License-Identifier: Apache-2.0
// Stacks are reused by later goroutines: locals of two lives at one address are no race.
// RUN: %gordian_cxx -O0 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int fill(int seed) {
  volatile int local[64];
  for (int i = 0; i < 64; ++i) {
    local[i] = seed + i;
  }
  return local[63];
}

int main() {
  for (int round = 0; round < 4; ++round) {
    gordian::WaitGroup done;
    for (int i = 0; i < 4; ++i) {
      done.go([=] { (void)fill(i); });
    }
    done.wait();
  }
}
