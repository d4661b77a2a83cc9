// SPDX-License-Identifier: Apache-2.0
// A parked actor in an object's queue. Lives on the stack of the actor that parks; whoever takes it out of the queue
// under the object's lock completes the operation, writes what the actor will find, and wakes it after the lock is
// released.
#pragma once

#include <atomic>
#include <cstdint>

#include "gordian/detail/object_state.h"
#include "runtime/wait/row.h"

namespace gordian::detail {

struct SelectWait;

struct Waiter {
  rt::wait::Row* row = nullptr;
  Waiter* previous = nullptr;
  Waiter* next = nullptr;
  // Shared by all waiters of one actor that waits for several things: the first to set it wins. Null: only this one.
  std::atomic<std::uint32_t>* claim = nullptr;
  void* element = nullptr;       // channels: where the value is or goes
  SelectWait* select = nullptr;  // channels: the select that this is a case of
  std::uint32_t index = 0;       // of the case
  bool queued = false;           // guarded by the object's lock
  bool granted = false;          // written by the waker: the operation was completed on the actor's behalf
  bool ok = false;               // channels: it moved a value (not: found the channel closed)
  std::uint64_t since_ns = 0;    // mutexes: when the actor began to wait

  // The actor's place in the trace: who, and in which of its runs.
  [[nodiscard]] std::uint64_t actor() const noexcept { return row->actor->id.value; }
  [[nodiscard]] std::uint64_t run() const noexcept { return row->actor->run; }
};

}  // namespace gordian::detail

namespace gordian::rt::sync {

using detail::Waiter;
using detail::WaitQueue;

inline void push_back(WaitQueue& queue, Waiter& waiter) noexcept {
  waiter.next = nullptr;
  waiter.previous = queue.tail;
  (queue.tail == nullptr ? queue.head : queue.tail->next) = &waiter;
  queue.tail = &waiter;
  waiter.queued = true;
}
inline void push_front(WaitQueue& queue, Waiter& waiter) noexcept {
  waiter.previous = nullptr;
  waiter.next = queue.head;
  (queue.head == nullptr ? queue.tail : queue.head->previous) = &waiter;
  queue.head = &waiter;
  waiter.queued = true;
}
inline void remove(WaitQueue& queue, Waiter& waiter) noexcept {
  (waiter.previous == nullptr ? queue.head : waiter.previous->next) = waiter.next;
  (waiter.next == nullptr ? queue.tail : waiter.next->previous) = waiter.previous;
  waiter.previous = nullptr;
  waiter.next = nullptr;
  waiter.queued = false;
}

// True for the one who may complete the wait.
inline bool claim(Waiter& waiter) noexcept {
  std::uint32_t unclaimed = 0;
  // acq_rel: pairs with the other claimers; the winner's writes reach the actor through its wake-up.
  return waiter.claim == nullptr ||
         waiter.claim->compare_exchange_strong(unclaimed, 1, std::memory_order_acq_rel, std::memory_order_relaxed);
}

// Takes out the first waiter that can still be claimed; unclaimable ones are dropped from the queue on the way (their
// actor looks whether it is queued before it removes itself). Null if there is none.
inline Waiter* pop_claimed(WaitQueue& queue) noexcept {
  while (Waiter* const first = queue.head) {
    remove(queue, *first);
    if (claim(*first)) {
      return first;
    }
  }
  return nullptr;
}

}  // namespace gordian::rt::sync
