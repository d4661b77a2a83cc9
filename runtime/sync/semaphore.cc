// SPDX-License-Identifier: Apache-2.0
// A weighted semaphore, after golang.org/x/sync/semaphore: permits are given in the order of asking, so a large request
// is not starved by small ones. A waiter may also wait for a channel to be closed (a context's): then two waiters with
// one claim stand in two queues, and whoever claims first decides; the locks are taken semaphore first, channel second.
#include "gordian/detail/lock_api.h"
#include "runtime/record/recorder.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/ticketed.h"
#include "runtime/sync/waiter.h"
#include "runtime/sync/wake.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

using detail::SemaphoreState;

struct PermitWaiter : Waiter {
  std::uint64_t permits = 0;
};

template <class Event>
void record_permits(SemaphoreState& state, Event event) noexcept {
  if (record::enabled()) {
    wait::identify(state.object, &state, state.size);
    record_ticketed(state, event);
  }
}

bool fits(const SemaphoreState& state, std::uint64_t permits) noexcept { return permits <= state.size - state.given; }

bool take_at_once(SemaphoreState& state, std::uint64_t permits) noexcept {
  if (state.queue.head != nullptr || !fits(state, permits)) {
    return false;
  }
  state.given += permits;
  record_permits(state, trace::SemAcquire{.permits = permits});
  return true;
}

// Under the guard: serves those whose turn has come, on their behalf.
void serve(SemaphoreState& state, WaitQueue& woken) noexcept {
  while (state.queue.head != nullptr) {
    auto& first = static_cast<PermitWaiter&>(*state.queue.head);
    if (!fits(state, first.permits)) {
      return;
    }
    remove(state.queue, first);
    if (claim(first)) {
      state.given += first.permits;
      record_permits(state, trace::SemAcquire{.permits = first.permits, .actor = first.actor(), .run = first.run()});
      wait::end_wait(*first.row);
      first.granted = true;
      push_back(woken, first);
    }
  }
}

bool is_closed(Channel* channel) noexcept {
  if (channel == nullptr) {
    return false;
  }
  WaitQueue nobody;
  const Guard guard(channel->guard);
  return channel->closed && attempt_receive(*channel, nullptr, nullptr, nobody) == Attempt::closed;
}

// The channel's side of a wait for either.
class Ending {
 public:
  Ending(Channel* channel, Waiter& permits, std::atomic<std::uint32_t>& claimed) noexcept : channel_(channel) {
    if (channel_ != nullptr) {
      waiter_.row = permits.row;
      waiter_.claim = permits.claim = &claimed;
    }
  }
  // Queues beside the permits and begins the wait. False: the channel has been closed.
  bool begin_wait(SemaphoreState& state) noexcept {
    wait::identify(state.object, &state, state.size);
    const wait::WaitTarget* const targets = targets_;
    targets_[0] = {&state.object, false};
    if (channel_ == nullptr) {
      wait::begin_wait(*row_, trace::WaitReason::semaphore, {targets, 1});
      return true;
    }
    identify(*channel_);
    const Guard guard(channel_->guard);
    if (channel_->closed) {
      return false;
    }
    targets_[1] = {&channel_->object, false};
    push_back(channel_->receivers, waiter_);
    wait::begin_wait(*row_, trace::WaitReason::semaphore, {targets, 2});
    return true;
  }
  void leave() noexcept {
    if (channel_ != nullptr) {
      const Guard guard(channel_->guard);
      if (waiter_.queued && !waiter_.granted) {
        remove(channel_->receivers, waiter_);
      }
    }
  }

 private:
  Channel* channel_;
  wait::Row* row_ = &wait::self();
  Waiter waiter_;
  wait::WaitTarget targets_[2];
};

// Under the guard, which it releases. True: the permits were given.
bool wait_for(SemaphoreState& state, std::uint64_t permits, Channel* until_closed, Guard& guard) noexcept {
  std::atomic<std::uint32_t> claimed{0};
  PermitWaiter waiter;
  waiter.row = &wait::self();
  waiter.permits = permits;
  Ending ending(until_closed, waiter, claimed);
  if (!ending.begin_wait(state)) {
    guard.release();
    return !is_closed(until_closed);
  }
  if (permits <= state.size) {  // otherwise nobody shall wait behind it
    push_back(state.queue, waiter);
  }
  guard.release();
  sched::park();
  ending.leave();
  if (waiter.granted) {
    return true;
  }
  WaitQueue woken;
  Guard again(state.guard);
  if (waiter.queued) {
    remove(state.queue, waiter);
  }
  serve(state, woken);
  again.release();
  wake_all(woken);
  return false;
}

}  // namespace

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

bool semaphore_acquire(SemaphoreState& state, std::uint64_t permits, Channel* until_closed) noexcept {
  if (is_closed(until_closed)) {
    return false;
  }
  Guard guard(state.guard);
  return take_at_once(state, permits) || wait_for(state, permits, until_closed, guard);
}

bool semaphore_try_acquire(SemaphoreState& state, std::uint64_t permits) noexcept {
  const Guard guard(state.guard);
  return take_at_once(state, permits);
}

PanicCode semaphore_release(SemaphoreState& state, std::uint64_t permits) noexcept {
  WaitQueue woken;
  Guard guard(state.guard);
  if (permits > state.given) {
    const std::uint64_t object = wait::identify(state.object, &state, state.size);
    guard.release();
    wait::record_panic(trace::PanicCode::semaphore_over_release, object,
                       wait::panic_text(trace::PanicCode::semaphore_over_release));
    return PanicCode::semaphore_over_release;
  }
  record_permits(state, trace::SemRelease{.permits = permits});
  state.given -= permits;
  serve(state, woken);
  guard.release();
  wake_all(woken);
  return PanicCode::none;
}

void semaphore_destroy(SemaphoreState& state) noexcept { record_end(state); }

}  // namespace gordian::detail
