// SPDX-License-Identifier: Apache-2.0
// A library without instrumentation waits for a counter inside an object, which inline code of its header, compiled
// into the program, counts down: who comes back from the library, and who is called by it, knows what came before the
// counting. What comes behind it, and what a relaxed counting leaves unordered, is a race.
// RUN: clang++ -std=c++20 -O1 -fPIC -shared -DLIBRARY %s -o %t.so
// RUN: %gordian_cxx -O1 %s %t.so -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DTOO_EARLY %s %t.so -o %t.early
// RUN: %gordian_run 66 %t.early | FileCheck %s --check-prefix=RACE
// RUN: %gordian_cxx -O1 -DRELAXED %s %t.so -o %t.relaxed
// RUN: %gordian_run 66 %t.relaxed | FileCheck %s --check-prefix=RACE
// CHECK: no findings
// RACE-DAG: data race {{.*}}waited_for
// RACE-DAG: data race {{.*}}called_back
#include <atomic>

#ifdef RELAXED
constexpr auto kCounting = std::memory_order_relaxed;
#else
constexpr auto kCounting = std::memory_order_release;
#endif

class Pending {
 public:
  void done() { left_.fetch_sub(1, kCounting); }
  bool is_over() const { return left_.load(std::memory_order_acquire) == 0; }

 private:
  void* owner_ = nullptr;  // the counter is not the first of its object
  std::atomic<int> left_{1};
};
void wait(const Pending* pending);
void call_after(const Pending* pending, void (*callback)());

#ifdef LIBRARY
#include <sched.h>

void wait(const Pending* pending) {
  while (!pending->is_over()) {
    sched_yield();
  }
}
void call_after(const Pending* pending, void (*callback)()) {
  wait(pending);
  callback();
}
#else
#include <thread>

#include "support/step.h"

Pending first;
Pending second;
int waited_for = 0;
int called_back = 0;
int sum = 0;
step::Meeting first_written(2);
step::Meeting second_written(2);

void write(int& value, Pending& pending, step::Meeting& written) {
#ifdef TOO_EARLY
  pending.done();
  value = 1;
#else
  value = 1;
  pending.done();
#endif
  written.arrive();
}

int main() {
  std::thread worker([] {
    write(waited_for, first, first_written);
    write(called_back, second, second_written);
  });
  wait(&first);
  first_written.arrive();
  sum += waited_for;
  call_after(&second, [] {
    second_written.arrive();
    sum += called_back;
  });
  worker.join();
  return sum == 2 ? 0 : 1;
}
#endif
