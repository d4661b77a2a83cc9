// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: env GORDIAN_MAXPROCS=1 %gordian_run 66 %t | FileCheck %s
// RUN: %gordian analyze --livelock-rounds=1000 %t.gtrace | FileCheck %s --check-prefix=LIMIT
// Both are polite: who cannot have the second lock gives back the first one. Always at the same time.
// CHECK: livelock K1 (resolved, observed): 2 goroutines take a lock and give it back {{1[0-9][0-9]}} times in a row
// LIMIT: no findings
#include "support/step.h"

gordian::Mutex left, right;
step::Order order;

constexpr int kRounds = 120;
constexpr int kSteps = 6;

// CHECK-DAG: left_handed fails to get mutex right at {{.*}}.cc:[[#@LINE+6]], holds mutex left
void left_handed() {
  for (int i = 0;; ++i) {
    const int step = i * kSteps;
    order.at(step, [] { left.lock(); });
    bool both = false;
    order.at(step + 2, [&] { both = right.try_lock(); });
    order.at(step + 4, [] { left.unlock(); });
    if (both) {
      return right.unlock();
    }
  }
}

// CHECK-DAG: right_handed fails to get mutex left at {{.*}}.cc:[[#@LINE+5]], holds mutex right
void right_handed() {
  for (int i = 0; i < kRounds; ++i) {
    const int step = i * kSteps;
    order.at(step + 1, [] { right.lock(); });
    order.at(step + 3, [] { static_cast<void>(left.try_lock()); });
    order.at(step + 5, [] { right.unlock(); });
  }
  order.at(kRounds * kSteps + 1, [] {});
  order.at(kRounds * kSteps + 3, [] {});
}

// CHECK: why: each one gives its lock back when it cannot have the next, and all begin again together; in the end one of them got through
// CHECK: hint: {{.*}}gordian::Backoff
int main() {
  gordian::WaitGroup all;
  all.go(left_handed);
  all.go(right_handed);
  all.wait();
}
