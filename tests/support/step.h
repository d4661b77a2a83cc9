// SPDX-License-Identifier: Apache-2.0
// Forces interleavings in test programs without anybody seeing it: these functions are not instrumented and record no
// synchronisation, so they order events in time and create no happens-before. Waiting is a loop of yields: it works
// with one processor and leaves nothing in a wait-for graph.
#pragma once

#ifdef STEP_PLAIN  // a program that never mentions Gordian
#include <sched.h>
#else
#include <gordian/gordian.h>
#endif

#define STEP_INVISIBLE __attribute__((no_sanitize("thread"), noinline))

namespace step {

STEP_INVISIBLE inline void give_way() {
#ifdef STEP_PLAIN
  sched_yield();
#else
  gordian::yield();
#endif
}

// Runs each section after those with smaller numbers.
class Order {
 public:
  template <class F>
  void at(int number, F section) {
    wait_for(number);
    section();
    advance();
  }

 private:
  STEP_INVISIBLE void wait_for(int number) {
    while (__atomic_load_n(&next_, __ATOMIC_RELAXED) != number) {
      give_way();
    }
  }
  STEP_INVISIBLE void advance() { __atomic_fetch_add(&next_, 1, __ATOMIC_RELAXED); }

  int next_ = 0;
};

// Lets nobody pass until `count` have arrived.
class Meeting {
 public:
  explicit constexpr Meeting(int count) : missing_(count) {}

  STEP_INVISIBLE void arrive() {
    __atomic_fetch_sub(&missing_, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&missing_, __ATOMIC_RELAXED) > 0) {
      give_way();
    }
  }

 private:
  int missing_;
};

#ifndef STEP_PLAIN
// Comes back when `count` goroutines wait, each with its Block recorded: they have got where nobody may ever wake them.
STEP_INVISIBLE inline void until_waiting(std::size_t count) {
  while (gordian::num_waiting() != count) {
    gordian::yield();
  }
}
// Comes back when `count` goroutines are left, the end of each of the others recorded.
STEP_INVISIBLE inline void until_left(std::size_t count) {
  while (gordian::num_goroutine() != count) {
    gordian::yield();
  }
}
#endif

}  // namespace step
