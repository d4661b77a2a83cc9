// SPDX-License-Identifier: Apache-2.0
// What C++20 lets a thread wait with, each once with what it waits for forgotten. The templates of the standard library
// never enter the C library's own locks. The twin forgets nothing, a hundred times.
// RUN: %gordian_cxx -O1 -DLATCH %s -o %t.latch
// RUN: %gordian_hang %t.latch | FileCheck %s --check-prefixes=CHECK,LATCH
// RUN: %gordian_cxx -O1 -DBARRIER %s -o %t.barrier
// RUN: %gordian_hang %t.barrier | FileCheck %s --check-prefixes=CHECK,BARRIER
// RUN: %gordian_cxx -O1 -DSEMAPHORE %s -o %t.semaphore
// RUN: %gordian_hang %t.semaphore | FileCheck %s --check-prefixes=CHECK,SEMAPHORE
// RUN: %gordian_cxx -O1 -DATOMIC %s -o %t.atomic
// RUN: %gordian_hang %t.atomic | FileCheck %s --check-prefixes=CHECK,ATOMIC
// RUN: %gordian_cxx -O1 -DCLEAN %s -o %t.clean
// RUN: %gordian_run 0 %t.clean | FileCheck %s --check-prefix=CLEAN
// CHECK: deadlock D1 (all-asleep, observed)
// CHECK-DAG: main waits for the end of thread 2
// CLEAN: no findings
#include <atomic>
#include <barrier>
#include <latch>
#include <semaphore>
#include <thread>

std::latch written(2);
std::barrier everybody(2);
std::counting_semaphore<4> filled(0);
std::atomic<int> state = 0;

void wait() {
#if defined LATCH
  written.wait();  // LATCH-DAG: thread 2 waits for a change of atomic written at {{.*}}.cc:[[#@LINE]]
#elif defined BARRIER
  // BARRIER-DAG: thread 2 waits for a change of atomic #{{[0-9]+}} at {{.*}}.cc:[[#@LINE+1]]
  everybody.arrive_and_wait();
#elif defined SEMAPHORE
  filled.acquire();  // SEMAPHORE-DAG: thread 2 waits for a change of atomic filled at {{.*}}.cc:[[#@LINE]]
#elif defined ATOMIC
  state.wait(0);  // ATOMIC-DAG: thread 2 waits for a change of atomic state at {{.*}}.cc:[[#@LINE]]
#else
  written.arrive_and_wait();
  for (int round = 0; round < 100; ++round) {
    everybody.arrive_and_wait();
    filled.acquire();
    state.wait(round);
  }
#endif
}

int main() {
  std::thread waiter(wait);
#ifdef CLEAN
  written.arrive_and_wait();
  for (int round = 0; round < 100; ++round) {
    everybody.arrive_and_wait();
    filled.release();
    state = round + 1;
    state.notify_one();
  }
#else
  written.count_down();  // one of two
#endif
  waiter.join();
}
// CHECK: 1 finding
