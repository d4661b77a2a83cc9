// SPDX-License-Identifier: Apache-2.0
// The pairing heap. Fredman, Sedgewick, Sleator, Tarjan: The pairing heap, 1986.
#include "runtime/sched/timers.h"

#include <atomic>
#include <utility>

#include "runtime/record/spin_lock.h"
#include "runtime/sched/idle.h"
#include "runtime/sched/lookout.h"

namespace gordian::rt::sched {

namespace {

record::SpinLock g_lock;  // guards the heap
Timer* g_root = nullptr;
std::atomic<std::uint64_t> g_next_due{kNever};

Timer* meld(Timer* a, Timer* b) noexcept {
  if (a == nullptr || b == nullptr) {
    return a == nullptr ? b : a;
  }
  if (b->due_ns < a->due_ns) {
    std::swap(a, b);
  }
  b->sibling = a->child;
  b->previous = a;
  if (a->child != nullptr) {
    a->child->previous = b;
  }
  a->child = b;
  return a;
}

// Melds a list of siblings pairwise from the left, then the results from the right.
Timer* meld_siblings(Timer* first) noexcept {
  Timer* pairs = nullptr;
  while (first != nullptr) {
    Timer* const a = first;
    Timer* const b = a->sibling;
    first = b == nullptr ? nullptr : b->sibling;
    a->sibling = nullptr;
    if (b != nullptr) {
      b->sibling = nullptr;
    }
    Timer* const pair = meld(a, b);
    pair->sibling = pairs;
    pairs = pair;
  }
  Timer* root = nullptr;
  while (pairs != nullptr) {
    Timer* const next = pairs->sibling;
    pairs->sibling = nullptr;
    root = meld(root, pairs);
    pairs = next;
  }
  if (root != nullptr) {
    root->previous = nullptr;
    root->sibling = nullptr;
  }
  return root;
}

void remove(Timer& timer) noexcept {
  Timer* const rest = meld_siblings(std::exchange(timer.child, nullptr));
  if (&timer == g_root) {
    g_root = rest;
  } else {
    (timer.previous->child == &timer ? timer.previous->child : timer.previous->sibling) = timer.sibling;
    if (timer.sibling != nullptr) {
      timer.sibling->previous = timer.previous;
    }
    g_root = meld(g_root, rest);
  }
  timer.sibling = nullptr;
  timer.previous = nullptr;
  timer.armed = false;
}

void publish_next() noexcept {
  // release: pairs with the acquire in next_due().
  g_next_due.store(g_root == nullptr ? kNever : g_root->due_ns, std::memory_order_release);
}

Timer* take_due(std::uint64_t now) noexcept {
  g_lock.lock();
  Timer* const timer = g_root != nullptr && g_root->due_ns <= now ? g_root : nullptr;
  if (timer != nullptr) {
    remove(*timer);
    publish_next();
  }
  g_lock.unlock();
  return timer;
}

}  // namespace

void arm(Timer& timer) noexcept {
  g_lock.lock();
  timer.armed = true;
  g_root = meld(g_root, &timer);
  const bool is_next = g_root == &timer;
  publish_next();
  g_lock.unlock();
  if (is_next) {
    start_lookout();
    next_due_changed();
  }
}

bool disarm(Timer& timer) noexcept {
  g_lock.lock();
  const bool armed = timer.armed;
  if (armed) {
    remove(timer);
    publish_next();
  }
  g_lock.unlock();
  return armed;
}

void forget_timers() noexcept {
  g_lock.forget_owner();
  g_root = nullptr;
  publish_next();
}

std::uint64_t next_due() noexcept { return g_next_due.load(std::memory_order_acquire); }  // pairs with publish_next()

void fire_due() noexcept {
  if (next_due() != kNever) {
    fire_until(now_ns());
  }
}

void fire_until(std::uint64_t now) noexcept {
  while (Timer* const timer = take_due(now)) {
    timer->fire(timer);
  }
}

}  // namespace gordian::rt::sched
