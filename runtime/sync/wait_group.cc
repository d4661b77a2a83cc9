// SPDX-License-Identifier: Apache-2.0
// WaitGroup: a counter and a queue under the guard. Who brings the counter to zero completes every wait on its owner's
// behalf and touches the group no more after that, so it may be destroyed as soon as wait() has returned. Go's panics
// about reuse and concurrent Add cannot arise: waiters never look at the group again.
#include <utility>

#include "gordian/detail/lock_api.h"
#include "runtime/record/recorder.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/ticketed.h"
#include "runtime/sync/waiter.h"
#include "runtime/sync/wake.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

using detail::WaitGroupState;

// Under the guard: completes all waits; their waiters stay linked, for waking after the guard is released.
WaitQueue release_all(WaitGroupState& state) noexcept {
  const WaitQueue woken = std::exchange(state.queue, {});
  for (Waiter* waiter = woken.head; waiter != nullptr; waiter = waiter->next) {
    record_ticketed(state, trace::WgWait{.actor = waiter->actor(), .run = waiter->run()});
    wait::end_wait(*waiter->row);
  }
  return woken;
}

}  // namespace

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

PanicCode wait_group_add(WaitGroupState& state, std::int64_t delta) noexcept {
  Guard guard(state.guard);
  state.value += delta;
  record_ticketed(state, trace::WgAdd{.delta = delta, .value = state.value});
  if (state.value < 0) {
    const std::uint64_t object = wait::identify(state.object, &state);
    guard.release();
    wait::record_panic(trace::PanicCode::negative_wait_group, object,
                       wait::panic_text(trace::PanicCode::negative_wait_group));
    return PanicCode::negative_wait_group;
  }
  const WaitQueue woken = state.value == 0 ? release_all(state) : WaitQueue{};
  guard.release();
  wake_all(woken);
  return PanicCode::none;
}

void wait_group_wait(WaitGroupState& state) noexcept {
  Guard guard(state.guard);
  if (state.value == 0) {
    record_ticketed(state, trace::WgWait{});
    return;
  }
  wait::identify(state.object, &state);
  Waiter waiter;
  waiter.row = &wait::self();
  const wait::WaitTarget target{&state.object, false};
  push_back(state.queue, waiter);
  wait::begin_wait(*waiter.row, trace::WaitReason::wait_group, {&target, 1});
  guard.release();
  sched::park();
}

void wait_group_destroy(WaitGroupState& state) noexcept { record_end(state); }

}  // namespace gordian::detail
