// SPDX-License-Identifier: Apache-2.0
// A handler works on atomics, the ones that the interrupted code is in the middle of among them: nobody waits for
// himself.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <sys/time.h>

#include <atomic>
#include <csignal>

std::atomic<int> taken;
std::atomic<int> turns;
constexpr int kSignals = 300;

void take(int) { taken.fetch_add(1); }

int main() {
  std::signal(SIGALRM, take);
  const itimerval often{{0, 200}, {0, 200}};  // microseconds
  setitimer(ITIMER_REAL, &often, nullptr);
  while (taken.load(std::memory_order_relaxed) < kSignals) {
    turns.fetch_add(1, std::memory_order_relaxed);
  }
}
