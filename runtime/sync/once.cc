// SPDX-License-Identifier: Apache-2.0
// Once: new, running, done. Who finds it running parks until the first caller has returned. Unrecorded, a call after
// that is one load.
#include <utility>

#include "gordian/detail/lock_api.h"
#include "runtime/record/recorder.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/ticketed.h"
#include "runtime/sync/waiter.h"
#include "runtime/sync/wake.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

using detail::OnceState;

enum Phase : std::uint32_t { kNew = 0, kRunning = 1, kDone = 2 };

}  // namespace

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

bool once_begin(OnceState& state) noexcept {
  // acquire: pairs with the release in once_end(): what f did is seen.
  if (!record::enabled() && state.phase.load(std::memory_order_acquire) == kDone) {
    return false;
  }
  Guard guard(state.guard);
  const std::uint32_t phase = state.phase.load(std::memory_order_relaxed);  // relaxed: under the guard
  if (phase == kNew) {
    state.phase.store(kRunning, std::memory_order_relaxed);                              // relaxed: under the guard
    state.object.holder.store(wait::self().actor->id.value, std::memory_order_relaxed);  // relaxed: a hint for dumps
    record_ticketed(state, trace::OnceBegin{});
    return true;
  }
  if (phase == kDone) {
    record_ticketed(state, trace::OnceWait{});
    return false;
  }
  wait::identify(state.object, &state);
  Waiter waiter;
  waiter.row = &wait::self();
  const wait::WaitTarget target{&state.object, false};
  push_back(state.queue, waiter);
  wait::begin_wait(*waiter.row, trace::WaitReason::once, {&target, 1});
  guard.release();
  sched::park();
  return false;
}

void once_end(OnceState& state) noexcept {
  Guard guard(state.guard);
  record_ticketed(state, trace::OnceEnd{});
  state.object.holder.store(0, std::memory_order_relaxed);  // relaxed: a hint for dumps
  const WaitQueue woken = std::exchange(state.queue, {});
  for (Waiter* each = woken.head; each != nullptr; each = each->next) {
    record_ticketed(state, trace::OnceWait{.actor = each->actor(), .run = each->run()});
    wait::end_wait(*each->row);
  }
  // release: pairs with the acquire in once_begin().
  state.phase.store(kDone, std::memory_order_release);
  guard.release();
  wake_all(woken);
}

void once_destroy(OnceState& state) noexcept { record_end(state); }

}  // namespace gordian::detail
