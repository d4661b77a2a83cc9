// SPDX-License-Identifier: Apache-2.0
#include "runtime/sync/timer.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <new>

#include "runtime/base/check.h"
#include "runtime/record/recorder.h"
#include "runtime/sched/spawn.h"
#include "runtime/sync/guard.h"
#include "runtime/sync/ticketed.h"
#include "runtime/sync/wake.h"
#include "runtime/wait/stack_trace.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

namespace {

using detail::TimerCore;

void retain(TimerCore& core) noexcept {
  core.references.fetch_add(1, std::memory_order_relaxed);  // relaxed: whoever adds one has one
}

void release(TimerCore& core) noexcept {
  // acq_rel: release orders this owner's uses before the last one's destruction, which acquires them.
  if (core.references.fetch_sub(1, std::memory_order_acq_rel) != 1) {
    return;
  }
  record_end(core);
  delete core.body;
  const record::Internal internal;
  delete &core;
}

// Under the guard.
void arm(TimerCore& core) noexcept {
  core.outstanding = true;
  ++core.arms;
  retain(core);
  sched::arm(core);
}

// Under the guard, which it may release for a while [T2]. The caller holds a reference: none here is the last one.
void disarm(TimerCore& core) noexcept {
  core.is_set = false;
  if (sched::disarm(core)) {
    core.outstanding = false;
    release(core);
  }
  for (const std::uint64_t arms = core.arms; core.outstanding && core.arms == arms;) {
    drop(core.guard);
    ::sched_yield();  // it is on its way on another thread, which may have lost its processor
    take(core.guard);
  }
}

// Under the guard.
std::uint64_t object_of(TimerCore& core) noexcept {
  return core.channel != nullptr ? identify(*core.channel) : wait::identify(core.object, &core);
}

void record_set(TimerCore& core, std::int64_t nanoseconds, std::uint64_t sends) noexcept {
  if (record::enabled()) {
    record::emit_enabled(trace::TimerSet{.object = object_of(core),
                                         .nanoseconds = static_cast<std::uint64_t>(nanoseconds),
                                         .ticket = ++core.ticket,
                                         .period = core.period,
                                         .sends = sends});
  }
}

void record_stop(TimerCore& core) noexcept {
  if (record::enabled()) {
    record::emit_enabled(trace::TimerStop{.object = object_of(core), .ticket = ++core.ticket});
  }
}

// Under the guard: throws away what nobody has taken.
bool drain(TimerCore& core) noexcept {
  if (core.channel == nullptr) {
    return false;
  }
  const Guard guard(core.channel->guard);
  return forget_value(*core.channel);
}

// Under the guard: the value goes to who waits for it, or into the slot; if that is full it is dropped.
void send_time(TimerCore& core, WaitQueue& woken) noexcept {
  std::int64_t now = std::chrono::steady_clock::now().time_since_epoch().count();
  const Guard guard(core.channel->guard);
  attempt_send(*core.channel, &now, trace::kTimerActor, nullptr, woken);
}

// Under the guard: the goroutine of one call, announced.
sched::ClockSpawn make_call(TimerCore& core) noexcept {
  const sched::ClockSpawn spawn = sched::begin_clock_spawn(core.entry, &core, core.set_by, core.set_at);
  if (record::enabled()) {
    record::emit_enabled(trace::TimerCall{.object = object_of(core), .ticket = ++core.ticket, .child = spawn.id.value});
  }
  return spawn;
}

// Under the guard: one that repeats is armed again; times that have passed are left out.
void prepare_next(TimerCore& core) noexcept {
  core.is_set = core.period != 0;
  if (core.is_set) {
    const std::uint64_t now = std::max(sched::now_ns(), core.due_ns);
    core.due_ns += core.period * (1 + (now - core.due_ns) / core.period);
    arm(core);
  }
}

void fire(sched::Timer* timer) noexcept {
  auto& core = static_cast<TimerCore&>(*timer);
  WaitQueue woken;
  sched::ClockSpawn call;
  {
    const Guard guard(core.guard);
    core.outstanding = false;
    if (!core.is_set) {
      release(core);  // whoever stopped it waits for the guard, with a reference of his own
      return;
    }
    if (core.body != nullptr) {
      call = make_call(core);
    } else {
      send_time(core, woken);
    }
    prepare_next(core);
  }
  wake_all(woken);
  if (call.closure != nullptr) {
    sched::commit_clock_spawn(call);  // and with it the reference [T3]
  } else {
    release(core);
  }
}

TimerCore* make_core() noexcept {
  const record::Internal internal;
  auto* const core = new (std::nothrow) TimerCore;
  GORDIAN_CHECK(core != nullptr);
  core->fire = fire;
  return core;
}

void note_setter(TimerCore& core, const void* caller) noexcept {
  core.set_by = wait::self().actor->id;
  core.set_at = wait::current_point(caller);
}

}  // namespace

void expect(TimerCore& core) noexcept {
  const Guard guard(core.guard);
  note_setter(core, __builtin_return_address(0));
  core.is_set = true;
  record_set(core, 0, 0);
}

void call_now(TimerCore& core) noexcept {
  sched::ClockSpawn call;
  {
    const Guard guard(core.guard);
    if (!core.is_set) {
      return;
    }
    core.is_set = false;
    retain(core);  // the goroutine's
    call = make_call(core);
  }
  sched::commit_clock_spawn(call);
}

void send_if_due(TimerCore& core) noexcept {
  WaitQueue woken;
  {
    const Guard guard(core.guard);
    if (!core.is_set || sched::now_ns() < core.due_ns) {
      return;
    }
    disarm(core);
    if (core.is_set) {
      return;  // set again by another meanwhile
    }
    send_time(core, woken);
    prepare_next(core);
  }
  wake_all(woken);
}

void abandon(TimerCore& core) noexcept {
  {
    const Guard guard(core.guard);
    disarm(core);
    core.channel = nullptr;
  }
  release(core);
}

}  // namespace gordian::rt::sync

namespace gordian::detail {

using namespace rt;
using namespace rt::sync;

TimerBody::~TimerBody() = default;

TimerCore* timer_make_sender(Channel*& channel) noexcept {
  TimerCore* const core = make_core();
  channel = make_channel(trace::ObjectKind::timer, sizeof(std::int64_t), 1, nullptr);
  GORDIAN_CHECK(channel != nullptr);
  core->channel = channel;
  channel->timer = core;
  retain(*core);  // the channel's
  return core;
}

TimerCore* timer_make_caller(TimerBody* owned, Entry entry) noexcept {
  TimerCore* const core = make_core();
  core->body = owned;
  core->entry = entry;
  return core;
}

void timer_retain(TimerCore* core) noexcept { retain(*core); }
void timer_release(TimerCore* core) noexcept { release(*core); }
TimerBody& timer_body(TimerCore* core) noexcept { return *core->body; }

bool timer_set(TimerCore* core, std::int64_t nanoseconds, std::int64_t period) noexcept {
  const std::int64_t delay = nanoseconds > 0 ? nanoseconds : 0;
  const Guard guard(core->guard);
  const bool was_set = core->is_set;
  disarm(*core);
  const bool had_value = drain(*core);
  core->is_set = true;
  core->period = static_cast<std::uint64_t>(period);
  note_setter(*core, __builtin_return_address(0));
  core->due_ns = sched::now_ns() + static_cast<std::uint64_t>(delay);
  if (core->channel != nullptr) {
    const Guard channel_guard(core->channel->guard);
    record_set(*core, delay, core->channel->sends);
    core->channel->timer_set = core->ticket;
  } else {
    record_set(*core, delay, 0);
  }
  arm(*core);
  return was_set || had_value;
}

bool timer_stop(TimerCore* core) noexcept {
  const Guard guard(core->guard);
  const bool was_set = core->is_set;
  disarm(*core);
  const bool had_value = drain(*core);
  if (was_set || had_value) {
    record_stop(*core);
  }
  return was_set || had_value;
}

}  // namespace gordian::detail
