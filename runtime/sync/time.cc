// SPDX-License-Identifier: Apache-2.0
// sleep. A sleeping goroutine's timer lies on its stack.
#include "gordian/time.h"

#include <ctime>

#include "runtime/record/recorder.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/timers.h"
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

}  // namespace gordian::detail
