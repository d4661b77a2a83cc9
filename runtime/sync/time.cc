// SPDX-License-Identifier: Apache-2.0
// sleep and after. A sleeping goroutine's timer lies on its stack; after()'s own a reference to its channel.
#include "gordian/time.h"

#include <cstdlib>
#include <ctime>
#include <new>

#include "runtime/base/check.h"
#include "runtime/record/recorder.h"
#include "runtime/sched/timers.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/wake.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

struct SleepTimer : sched::Timer {
  wait::Row* row = nullptr;
};

void end_sleep(sched::Timer* timer) noexcept {
  wait::Row& row = *static_cast<SleepTimer*>(timer)->row;
  wait::end_wait_ready(row);
  sched::wake(row);
}

struct AfterTimer : sched::Timer {
  Channel* channel = nullptr;
};

void send_time(sched::Timer* timer) noexcept {
  auto* const after = static_cast<AfterTimer*>(timer);
  Channel* const channel = after->channel;
  std::int64_t now = std::chrono::steady_clock::now().time_since_epoch().count();
  WaitQueue woken;
  {
    const Guard guard(channel->guard);
    attempt_send(*channel, &now, trace::kTimerActor, nullptr, woken);
  }
  wake_all(woken);
  detail::channel_release(channel);
  const record::Internal internal;
  delete after;
}

// A plain thread sleeps by itself: it stays awake for the deadlock check.
void sleep_thread(wait::Row& row, std::int64_t nanoseconds) noexcept {
  record::publish();
  record::switch_actor(row.actor, nullptr);
  timespec left{nanoseconds / 1000000000, nanoseconds % 1000000000};
  while (nanosleep(&left, &left) != 0) {
  }
  wait::end_wait_ready(row);
  record::switch_actor(nullptr, row.actor);
}

}  // namespace

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

void sleep_for_ns(std::int64_t nanoseconds) noexcept {
  if (nanoseconds <= 0) {
    return;
  }
  wait::Row& row = wait::self();
  wait::begin_wait(row, trace::WaitReason::sleep, {});
  if (row.is_thread) {
    sleep_thread(row, nanoseconds);
    return;
  }
  SleepTimer timer;
  timer.due_ns = sched::now_ns() + static_cast<std::uint64_t>(nanoseconds);
  timer.fire = end_sleep;
  timer.row = &row;
  sched::arm(timer);
  sched::park();
}

void arm_timer(Channel* channel, std::int64_t nanoseconds) noexcept {
  static_assert(sizeof(std::chrono::steady_clock::time_point) == sizeof(std::int64_t));
  const record::Internal internal;
  auto* const timer = new (std::nothrow) AfterTimer;
  GORDIAN_CHECK(timer != nullptr);
  channel_retain(channel);
  timer->channel = channel;
  timer->fire = send_time;
  const std::int64_t delay = nanoseconds > 0 ? nanoseconds : 0;
  timer->due_ns = sched::now_ns() + static_cast<std::uint64_t>(delay);
  record::emit(trace::TimerSet{.object = identify(*channel), .nanoseconds = static_cast<std::uint64_t>(delay)});
  sched::arm(*timer);
}

}  // namespace gordian::detail
