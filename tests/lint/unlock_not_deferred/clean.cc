// SPDX-License-Identifier: Apache-2.0
// Pairs that nothing can part, and locks that are released all the same.
// RUN: %lint --checks=unlock-not-deferred %s -- %headers 2>&1 | count 0
// RUN: %lint --checks=unlock-not-deferred %s -- -fno-exceptions -DNO_EXCEPTIONS 2>&1 | count 0
#include <gordian/gordian.h>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

gordian::Mutex mu;
int counter = 0;
std::deque<int> queue;
std::map<int, int> table;

int compute() noexcept;
int may_throw();
inline int twice(int n) { return 2 * n; }

[[noreturn]] void die();
gordian::Mutex inner;

void nested() {
  mu.lock();
  inner.lock();
  if (counter > 9) {
    die();
  }
  ++counter;
  inner.unlock();
  mu.unlock();
}

void plain() {
  mu.lock();
  counter = twice(compute()) + std::max(counter, 1);
  mu.unlock();
}

// Not declared noexcept, but its code throws nothing.
int take() {
  mu.lock();
  const int first = queue.front();
  queue.pop_front();
  const bool known = table.find(first) != table.end();
  mu.unlock();
  return known ? first : 0;
}

void guarded() {
  std::scoped_lock guard(mu);
  counter = may_throw();
}

void deferred() {
  mu.lock();
  GORDIAN_DEFER { mu.unlock(); };
  counter = may_throw();
}

void outside() {
  const int n = may_throw();
  mu.lock();
  counter = n;
  mu.unlock();
  may_throw();
}

#ifndef NO_EXCEPTIONS
void handled() {
  mu.lock();
  try {
    counter = may_throw();
  } catch (...) {
    mu.unlock();
    throw;
  }
  mu.unlock();
}

void swallowed() {
  mu.lock();
  [] {
    try {
      counter = may_throw();
    } catch (...) {
      counter = 0;
    }
  }();
  mu.unlock();
}
#endif

// In two blocks: not for this check.
void apart(bool first) {
  if (first) {
    mu.lock();
  }
  counter = may_throw();
  if (first) {
    mu.unlock();
  }
}
