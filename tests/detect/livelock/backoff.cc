// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// The cure: after the first collision, which is forced, each pauses for a random time that grows.
// CHECK: no findings
#include "support/step.h"

gordian::Mutex left, right;
step::Meeting both_hold(2), both_failed(2);

void take_both(gordian::Mutex& first, gordian::Mutex& second) {
  gordian::Backoff backoff;
  for (int attempt = 0;; ++attempt) {
    first.lock();
    if (attempt == 0) {
      both_hold.arrive();
    }
    if (second.try_lock()) {
      break;
    }
    if (attempt == 0) {
      both_failed.arrive();
    }
    first.unlock();
    backoff.sleep();
  }
  second.unlock();
  first.unlock();
}

int main() {
  gordian::WaitGroup all;
  all.go([] { take_both(left, right); });
  all.go([] { take_both(right, left); });
  all.wait();
}
