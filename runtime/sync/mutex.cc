// SPDX-License-Identifier: Apache-2.0
// Mutex, after Go's sync.Mutex: newcomers may overtake a woken waiter, until one has waited for 1 ms; from then on the
// lock is handed over in order (starvation mode). The lock word is the fast path; waiters queue under the guard.
//
// [M1] kLocked set: somebody holds it; tickets and holder belong to him.
// [M2] kWaiters is set and cleared under the guard only, and set exactly if the queue is not empty: an unlocker that
// does not
//      see it may leave at once, nobody is queued.
// [M3] kStarving is changed under the guard only; while it is set a free lock is never left free: it is handed over.
// [M4] After the word was cleared without waiters, the mutex is not touched again: its next owner may destroy it.
#include "gordian/detail/lock_api.h"
#include "runtime/record/recorder.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/timers.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/ticketed.h"
#include "runtime/sync/waiter.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

using detail::MutexState;

constexpr std::uint32_t kLocked = 1;
constexpr std::uint32_t kWaiters = 2;
constexpr std::uint32_t kStarving = 4;
constexpr std::uint64_t kStarvationNs = 1'000'000;
constexpr int kSpins = 30;

void become_holder(MutexState& state) noexcept {
  // relaxed: a hint for dumps.
  state.object.holder.store(wait::self().actor->id.value, std::memory_order_relaxed);
}

// acquire on success: pairs with the release in unlock(): the n-th unlock happens before this lock.
bool try_take(MutexState& state) noexcept {
  std::uint32_t word = state.word.load(std::memory_order_relaxed);
  while ((word & (kLocked | kStarving)) == 0) {
    if (state.word.compare_exchange_weak(word, word | kLocked, std::memory_order_acquire, std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

bool spin(MutexState& state) noexcept {
  for (int i = 0; i < kSpins; ++i) {
    __builtin_ia32_pause();
    if (try_take(state)) {
      return true;
    }
  }
  return false;
}

// Under the guard: takes the lock, or sets kWaiters (and kStarving) on a locked word and returns false.
bool take_or_announce(MutexState& state, bool starving) noexcept {
  std::uint32_t word = state.word.load(std::memory_order_relaxed);
  for (;;) {
    const bool free = (word & kLocked) == 0;
    const std::uint32_t wanted = free ? word | kLocked : word | kWaiters | (starving ? kStarving : 0);
    // acquire: pairs with the release in unlock(); a mere announcement is ordered by the guard.
    if (state.word.compare_exchange_weak(word, wanted, std::memory_order_acquire, std::memory_order_relaxed)) {
      return free;
    }
  }
}

// Under the guard, after a waiter left the queue [M2].
void clear_flags_if_empty(MutexState& state) noexcept {
  if (state.queue.head == nullptr) {
    state.word.fetch_and(~(kWaiters | kStarving), std::memory_order_relaxed);  // relaxed: ordered by the guard
  }
}

// How a slow lock ended. granted: the unlocker took it for us and recorded that.
enum class Taken : std::uint8_t { by_us, granted, not_at_all };

struct TimedWait : sched::Timer {
  Waiter* waiter = nullptr;
  std::atomic<bool> done{false};  // the callback does not look at the timer any more
};

// The time is over: whoever claims first decides.
void give_up(sched::Timer* timer) noexcept {
  auto& timed = static_cast<TimedWait&>(*timer);
  wait::Row& row = *timed.waiter->row;
  const bool won = claim(*timed.waiter);
  // release: pairs with the acquire in park_until(): the loser's stack may go now.
  timed.done.store(true, std::memory_order_release);
  if (won) {
    wait::end_wait_ready(row);
    sched::wake(row);
  }
}

void park_until(Waiter& waiter, std::uint64_t deadline_ns) noexcept {
  TimedWait timer;
  timer.due_ns = deadline_ns;
  timer.fire = give_up;
  timer.waiter = &waiter;
  sched::arm(timer);
  sched::park();
  if (!sched::disarm(timer)) {
    while (!timer.done.load(std::memory_order_acquire)) {  // pairs with the release in give_up()
      __builtin_ia32_pause();
    }
  }
}

// Under the guard: takes the lock, gives up, or queues the waiter and begins its wait.
bool settle(MutexState& state, Waiter& waiter, std::uint64_t deadline_ns, bool again, Taken& outcome) noexcept {
  const std::uint64_t now = sched::now_ns();
  waiter.since_ns = again ? waiter.since_ns : now;
  const bool taken = take_or_announce(state, now - waiter.since_ns > kStarvationNs);
  if (taken || now >= deadline_ns) {
    outcome = taken ? Taken::by_us : Taken::not_at_all;
    clear_flags_if_empty(state);
    return true;
  }
  (again ? push_front : push_back)(state.queue, waiter);
  return false;
}

Taken lock_slow(MutexState& state, std::uint64_t deadline_ns) noexcept {
  wait::identify(state.object, &state);
  std::atomic<std::uint32_t> claimed{0};
  Waiter waiter;
  waiter.row = &wait::self();
  waiter.claim = deadline_ns == sched::kNever ? nullptr : &claimed;
  const wait::WaitTarget target{&state.object, false};
  Taken outcome = Taken::granted;
  for (bool again = false;; again = true) {
    Guard guard(state.guard);
    if (waiter.queued) {
      remove(state.queue, waiter);  // our time is over, but nobody took us out
    }
    if (settle(state, waiter, deadline_ns, again, outcome)) {
      return outcome;
    }
    claimed.store(0, std::memory_order_relaxed);  // relaxed: published by the guard
    // A wait with an end is a sleep that names its lock: it cannot be part of a deadlock.
    const bool patient = deadline_ns == sched::kNever;
    wait::begin_wait(*waiter.row, patient ? trace::WaitReason::mutex_lock : trace::WaitReason::sleep, {&target, 1});
    guard.release();
    if (patient) {
      sched::park();
    } else {
      park_until(waiter, deadline_ns);
    }
    if (waiter.granted) {
      return Taken::granted;
    }
  }
}

// Under the guard: the first waiter becomes the holder. Returns whom to wake.
Waiter* hand_over(MutexState& state) noexcept {
  Waiter* const next = pop_claimed(state.queue);
  if (next == nullptr) {
    return nullptr;
  }
  record_ticketed(state, trace::Lock{.actor = next->actor(), .run = next->run()});
  state.object.holder.store(next->actor(), std::memory_order_relaxed);  // relaxed: a hint for dumps
  next->granted = true;
  const bool patient = sched::now_ns() - next->since_ns < kStarvationNs;
  if (state.queue.head == nullptr) {
    state.word.fetch_and(~(kWaiters | kStarving), std::memory_order_relaxed);  // relaxed: ordered by the guard
  } else if (patient) {
    state.word.fetch_and(~kStarving, std::memory_order_relaxed);  // relaxed: ordered by the guard
  }
  return next;
}

void unlock_slow(MutexState& state) noexcept {
  Guard guard(state.guard);
  // relaxed: changed under the guard [M3].
  const bool starving = (state.word.load(std::memory_order_relaxed) & kStarving) != 0;
  if (Waiter* const next = starving ? hand_over(state) : nullptr) {
    wait::Row& row = *next->row;
    wait::end_wait(row);
    guard.release();
    sched::wake(row);
    return;
  }
  Waiter* const next = pop_claimed(state.queue);
  wait::Row* const row = next == nullptr ? nullptr : next->row;
  if (row != nullptr) {
    wait::end_wait_ready(*row);
  }
  const std::uint32_t kept = state.queue.head == nullptr ? 0 : kWaiters;
  // release: pairs with the acquire of the next lock.
  state.word.store(kept, std::memory_order_release);
  guard.release();
  if (row != nullptr) {
    sched::wake(*row);
  }
}

}  // namespace

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

void mutex_lock(MutexState& state) noexcept {
  if (!try_take(state) && !spin(state) && lock_slow(state, sched::kNever) == Taken::granted) {
    return;
  }
  become_holder(state);
  record_ticketed(state, trace::Lock{});
}

bool mutex_try_lock(MutexState& state) noexcept {
  if (!try_take(state)) {
    record::emit(trace::TryLockFailed{.object = wait::identify(state.object, &state)});
    return false;
  }
  become_holder(state);
  record_ticketed(state, trace::TryLock{});
  return true;
}

bool mutex_try_lock_for(MutexState& state, std::int64_t nanoseconds) noexcept {
  if (nanoseconds <= 0) {
    return mutex_try_lock(state);
  }
  if (!try_take(state)) {
    switch (lock_slow(state, sched::now_ns() + static_cast<std::uint64_t>(nanoseconds))) {
      case Taken::granted:
        return true;
      case Taken::not_at_all:
        record::emit(trace::TryLockFailed{.object = wait::identify(state.object, &state)});
        return false;
      case Taken::by_us:
        break;
    }
  }
  become_holder(state);
  record_ticketed(state, trace::TryLock{});  // held from now on, but the request would have ended without it
  return true;
}

void mutex_unlock(MutexState& state) noexcept {
  // relaxed: only the holder may call this; anything else is the error that is reported.
  if ((state.word.load(std::memory_order_relaxed) & kLocked) == 0) {
    wait::die_of_misuse(trace::PanicCode::unlock_of_unlocked, wait::identify(state.object, &state));
  }
  record_ticketed(state, trace::Unlock{});
  state.object.holder.store(0, std::memory_order_relaxed);  // relaxed: a hint for dumps
  std::uint32_t held = kLocked;
  // release: pairs with the acquire of the next lock [M4].
  if (!state.word.compare_exchange_strong(held, 0, std::memory_order_release, std::memory_order_relaxed)) {
    unlock_slow(state);
  }
}

void mutex_destroy(MutexState& state) noexcept { record_end(state); }

}  // namespace gordian::detail
