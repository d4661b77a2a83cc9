// SPDX-License-Identifier: Apache-2.0
// RWMutex: everything under the guard, everything handed over by who leaves, so nobody retries. A waiting writer keeps
// new readers out; a leaving writer lets all waiting readers in; the last reader out lets the first writer in. After
// Go's sync.RWMutex.
#include "gordian/detail/lock_api.h"
#include "runtime/record/recorder.h"
#include "runtime/sched/sched.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/ticketed.h"
#include "runtime/sync/waiter.h"
#include "runtime/sync/wake.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

using detail::RWMutexState;

constexpr auto kExclusive = static_cast<std::uint64_t>(trace::LockMode::exclusive);
constexpr auto kShared = static_cast<std::uint64_t>(trace::LockMode::shared);

bool free_for_writer(const RWMutexState& state) noexcept { return !state.writer && state.readers == 0; }
bool free_for_reader(const RWMutexState& state) noexcept { return !state.writer && state.write_queue.head == nullptr; }

void hold(RWMutexState& state, std::uint64_t actor) noexcept {
  state.object.holder.store(actor, std::memory_order_relaxed);  // relaxed: a hint for dumps
}

void enter(RWMutexState& state, std::uint64_t mode) noexcept {
  (mode == kExclusive) ? static_cast<void>(state.writer = true) : static_cast<void>(++state.readers);
}

// Queues the caller and parks; whoever leaves has let it in when this returns.
void wait_for(RWMutexState& state, Guard& guard, std::uint64_t mode) noexcept {
  wait::identify(state.object, &state);
  Waiter waiter;
  waiter.row = &wait::self();
  const wait::WaitTarget target{&state.object, false};
  push_back(mode == kExclusive ? state.write_queue : state.read_queue, waiter);
  wait::begin_wait(*waiter.row, mode == kExclusive ? trace::WaitReason::rwmutex_lock : trace::WaitReason::rwmutex_rlock,
                   {&target, 1});
  guard.release();
  sched::park();
}

// Under the guard: lets a waiter in on its own behalf and appends it to the list of those to be woken.
void admit(RWMutexState& state, Waiter& waiter, std::uint64_t mode, WaitQueue& woken) noexcept {
  enter(state, mode);
  hold(state, waiter.actor());
  record_ticketed(state, trace::Lock{.mode = mode, .actor = waiter.actor(), .run = waiter.run()});
  wait::end_wait(*waiter.row);
  push_back(woken, waiter);
}

void admit_readers(RWMutexState& state, WaitQueue& woken) noexcept {
  while (Waiter* const reader = state.read_queue.head) {
    remove(state.read_queue, *reader);
    admit(state, *reader, kShared, woken);
  }
}

void admit_writer(RWMutexState& state, WaitQueue& woken) noexcept {
  Waiter* const writer = state.write_queue.head;
  if (writer != nullptr && free_for_writer(state)) {
    remove(state.write_queue, *writer);
    admit(state, *writer, kExclusive, woken);
  }
}

void lock(RWMutexState& state, std::uint64_t mode) noexcept {
  Guard guard(state.guard);
  if (mode == kExclusive ? free_for_writer(state) : free_for_reader(state)) {
    enter(state, mode);
    hold(state, wait::self().actor->id.value);
    record_ticketed(state, trace::Lock{.mode = mode});
    return;
  }
  wait_for(state, guard, mode);
}

bool try_lock(RWMutexState& state, std::uint64_t mode) noexcept {
  const Guard guard(state.guard);
  if (mode == kExclusive ? free_for_writer(state) : free_for_reader(state)) {
    enter(state, mode);
    hold(state, wait::self().actor->id.value);
    record_ticketed(state, trace::TryLock{.mode = mode});
    return true;
  }
  record::emit(trace::TryLockFailed{.object = wait::identify(state.object, &state), .mode = mode});
  return false;
}

}  // namespace

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

void rw_lock(RWMutexState& state) noexcept { lock(state, kExclusive); }
bool rw_try_lock(RWMutexState& state) noexcept { return try_lock(state, kExclusive); }
void rw_lock_shared(RWMutexState& state) noexcept { lock(state, kShared); }
bool rw_try_lock_shared(RWMutexState& state) noexcept { return try_lock(state, kShared); }

void rw_unlock(RWMutexState& state) noexcept {
  WaitQueue woken;
  {
    const Guard guard(state.guard);
    if (!state.writer) {
      wait::die_of_misuse(trace::PanicCode::rw_unlock_of_unlocked, wait::identify(state.object, &state));
    }
    record_ticketed(state, trace::Unlock{.mode = kExclusive});
    state.writer = false;
    hold(state, 0);
    admit_readers(state, woken);
    if (state.readers == 0) {
      admit_writer(state, woken);
    }
  }
  wake_all(woken);
}

void rw_unlock_shared(RWMutexState& state) noexcept {
  WaitQueue woken;
  {
    const Guard guard(state.guard);
    if (state.readers == 0) {
      wait::die_of_misuse(trace::PanicCode::runlock_of_unlocked, wait::identify(state.object, &state));
    }
    record_ticketed(state, trace::Unlock{.mode = kShared});
    if (--state.readers == 0) {
      hold(state, 0);
      admit_writer(state, woken);
    }
  }
  wake_all(woken);
}

void rw_destroy(RWMutexState& state) noexcept { record_end(state); }

}  // namespace gordian::detail
