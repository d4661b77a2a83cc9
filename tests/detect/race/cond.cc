// SPDX-License-Identifier: Apache-2.0
// What is before a signal is before the return of the wait that it ends, with no lock around the signal.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

int value = 0;

// Tells whether somebody waits: the lock is free again once the waiter has enlisted.
STEP_INVISIBLE void await(const int& waiting) {
  while (__atomic_load_n(&waiting, __ATOMIC_RELAXED) == 0) gordian::yield();
}
STEP_INVISIBLE void note(int& waiting) { __atomic_store_n(&waiting, 1, __ATOMIC_RELAXED); }

// Its own kind of lock: unlocking it says that the waiter stands in the queue.
struct Told {
  int* waiting;
  void lock() {}
  void unlock() { note(*waiting); }
};

int main() {
  int waiting = 0;
  Told told{&waiting};
  gordian::Cond ready(told);
  gordian::WaitGroup group;
  group.go([&] {
    ready.wait();
    ++value;
  });
  await(waiting);
  value = 1;
  ready.signal();
  group.wait();
}
