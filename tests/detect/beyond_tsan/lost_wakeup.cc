// SPDX-License-Identifier: Apache-2.0
// The only signal comes before the wait; main joins the waiter: both hang, without a word from ThreadSanitizer. With
// the fact kept under the lock nothing is lost.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_hang %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DKEPT %s -o %t.kept
// RUN: %gordian_run 0 %t.kept | FileCheck %s --check-prefix=KEPT
// CHECK: lost wake-up W1 (all-asleep, observed): thread 2
// KEPT: no findings
#define STEP_PLAIN
#include <condition_variable>
#include <mutex>
#include <thread>

#include "support/step.h"

std::mutex mu;
std::condition_variable ready;
bool is_ready = false;
step::Order order;

int main() {
  std::thread waiter([] {
    order.at(1, [] {});
    std::unique_lock lock(mu);
#ifdef KEPT
    ready.wait(lock, [] { return is_ready; });
#else
    ready.wait(lock);  // CHECK-DAG: waits for a signal of Cond ready at {{.*}}.cc:[[#@LINE]]
#endif
  });
  order.at(0, [] {
    const std::lock_guard hold(mu);
    is_ready = true;
    ready.notify_one();  // CHECK-DAG: its last signal found nobody waiting at {{.*}}.cc:[[#@LINE]]
  });
  waiter.join();
}
// CHECK: hint: keep the fact in a variable under the lock
// CHECK: 1 finding
