// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian analyze --starvation-wait=0 --starvation-bypasses=1 %t.gtrace | FileCheck %s
// The cure: a wait that ends by itself lets its goroutine do something else.
// CHECK: no findings
#include "support/step.h"

gordian::Mutex mu;
step::Meeting everybody(2);

int main() {
  gordian::WaitGroup greedy;
  greedy.go([] {
    mu.lock();
    everybody.arrive();
    for (int i = 0; i < 20; ++i) {
      gordian::sleep(std::chrono::milliseconds(1));
      mu.unlock();
      mu.lock();
    }
    mu.unlock();
  });
  everybody.arrive();
  int given_up = 0;
  while (!mu.try_lock_for(std::chrono::microseconds(100))) {
    ++given_up;
  }
  mu.unlock();
  greedy.wait();
  return given_up == 0 ? 1 : 0;
}
