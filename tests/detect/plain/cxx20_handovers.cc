// SPDX-License-Identifier: Apache-2.0
// What C++20 has to hand something over with: each variable is written by one side and read by the other behind its own
// kind of synchronisation. Without it each of them is a race.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DRACY %s -o %t.racy
// RUN: %gordian_run 66 %t.racy | FileCheck %s --check-prefix=RACY
// CHECK: no findings
// RACY-DAG: data race {{.*}}by_latch is
// RACY-DAG: data race {{.*}}by_barrier is
// RACY-DAG: data race {{.*}}by_semaphore is
// RACY-DAG: data race {{.*}}by_stop is
// RACY-DAG: data race {{.*}}by_any is
// RACY: 5 findings
#include <barrier>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <thread>

int by_latch, by_barrier, by_semaphore, by_stop, by_any;

#ifdef RACY
constexpr bool kOrdered = false;
#else
constexpr bool kOrdered = true;
#endif

std::latch written(1);
std::barrier everybody(2);
std::counting_semaphore<4> filled(0);
std::shared_mutex any_mutex;
std::condition_variable_any any_changed;
bool any_set = false;

void write_all() {
  by_latch = 1;
  if (kOrdered) written.count_down();
  by_barrier = 1;
  if (kOrdered) everybody.arrive_and_wait();
  by_semaphore = 1;
  if (kOrdered) filled.release(2);
  if (kOrdered) any_mutex.lock();
  by_any = 1;
  if (kOrdered) {
    any_set = true;
    any_mutex.unlock();
    any_changed.notify_all();
  }
}

int read_all() {
  if (kOrdered) written.wait();
  int sum = by_latch;
  if (kOrdered) everybody.arrive_and_wait();
  sum += by_barrier;
  if (kOrdered) filled.acquire();
  sum += by_semaphore;
  if (kOrdered) {
    std::shared_lock lock(any_mutex);
    any_changed.wait(lock, [] { return any_set; });
    return sum + by_any;
  }
  return sum + by_any;
}

int main() {
  int sum = 0;
  {
    std::jthread writer(write_all);
    std::jthread stopper([](std::stop_token token) {
      while (kOrdered && !token.stop_requested()) {
        std::this_thread::yield();
      }
      by_stop += 1;
    });
    sum = read_all();
    by_stop = 5;
    stopper.request_stop();
  }
  return kOrdered ? (sum == 4 && by_stop == 6 ? 0 : 1) : sum / 100;
}
