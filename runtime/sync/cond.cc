// SPDX-License-Identifier: Apache-2.0
// Cond: a FIFO of waiters, as Go's notifyList with the tickets made nodes. A waiter enlists while it still holds the
// user's lock and parks after it has let go of it: a signal in between finds it in the list, and it does not park.
// Nobody returns without a signal.
//
// [N1] A waiter is taken from the list by exactly one signal, under the guard, which writes its number into it.
// [N2] Taken while parked: the signaller completes its wait and wakes it. Taken before: it completes the wait itself
// and
//      the signaller does not touch it once the guard is released, its stack may be gone.
#include "gordian/detail/lock_api.h"
#include "runtime/record/recorder.h"
#include "runtime/sched/sched.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/ticketed.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

using detail::CondState;
using detail::CondWaiter;

wait::Row* row_of(const CondWaiter& waiter) noexcept { return static_cast<wait::Row*>(waiter.row); }

// Takes the first `count` waiters out of the list.
CondWaiter* take_first(CondState& state, std::uint64_t count) noexcept {
  CondWaiter* const first = state.head;
  CondWaiter* last = nullptr;
  for (std::uint64_t i = 0; i < count; ++i) {
    last = state.head;
    state.head = last->next;
  }
  if (last != nullptr) {
    last->next = nullptr;
  }
  if (state.head == nullptr) {
    state.tail = nullptr;
  }
  state.waiting -= count;
  return count == 0 ? nullptr : first;
}

// Under the guard: ends the waits of the list; returns those to be woken.
CondWaiter* notify(CondState& state, CondWaiter* waiter, std::uint64_t signal) noexcept {
  CondWaiter* parked = nullptr;
  CondWaiter** end = &parked;
  while (waiter != nullptr) {
    CondWaiter* const next = waiter->next;
    waiter->next = nullptr;
    waiter->signal = signal;
    waiter->notified = true;
    if (const wait::Row* const row = row_of(*waiter)) {
      record_ticketed(state, trace::CondWait{.signal = signal, .actor = row->actor->id.value, .run = row->actor->run});
      wait::end_wait(*row_of(*waiter));
      *end = waiter;
      end = &waiter->next;
    }
    waiter = next;
  }
  return parked;
}

}  // namespace

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

void cond_enlist(CondState& state, CondWaiter& waiter) noexcept {
  const Guard guard(state.guard);
  wait::identify(state.object, &state);
  (state.tail == nullptr ? state.head : state.tail->next) = &waiter;
  state.tail = &waiter;
  ++state.waiting;
}

void cond_park(CondState& state, CondWaiter& waiter) noexcept {
  Guard guard(state.guard);
  if (waiter.notified) {
    record_ticketed(state, trace::CondWait{.signal = waiter.signal});
    return;
  }
  wait::Row& row = wait::self();
  waiter.row = &row;
  const wait::WaitTarget target{&state.object, false};
  wait::begin_wait(row, trace::WaitReason::cond_wait, {&target, 1});
  guard.release();
  sched::park();
}

void cond_signal(CondState& state, bool all) noexcept {
  Guard guard(state.guard);
  const std::uint64_t woken = all || state.waiting == 0 ? state.waiting : 1;
  record_ticketed(state, trace::CondSignal{.all = all ? std::uint64_t{1} : 0, .woken = woken});
  CondWaiter* waiter = notify(state, take_first(state, woken), state.ticket);
  guard.release();
  while (waiter != nullptr) {
    CondWaiter* const next = waiter->next;  // before the wake: the waiter's stack may be gone after it
    sched::wake(*row_of(*waiter));
    waiter = next;
  }
}

void cond_destroy(CondState& state) noexcept { record_end(state); }

}  // namespace gordian::detail
