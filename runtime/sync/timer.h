// SPDX-License-Identifier: Apache-2.0
// A timer that sends to a channel or starts a goroutine, once or again and again. After Go 1.23: its channel looks
// unbuffered, and once a stop or reset has returned nothing of the time before arrives. The value of a timer that went
// off lies in the channel's one slot, unrecorded until somebody takes it (sync/channel.cc); stop and reset throw it
// away.
//
// [T1] The guard orders sets, stops and goings-off; the channel's lock is taken inside it.
// [T2] A timer that was taken from the heap may still be on its way to fire() when it is stopped or set again. Whoever
//      does that waits for it, with the guard released: afterwards nothing is armed and nothing on its way. The one on
//      its way sees that the timer is not set, and only counts itself out.
// [T3] References: handles, the channel, what is armed or on its way. That one goes over to the goroutine of the call:
//      the last one may run the user's destructors, which do not belong on a scheduler's stack. The channel is not
//      owned: it says when it goes.
#pragma once

#include <atomic>
#include <cstdint>

#include "gordian/detail/object_state.h"
#include "gordian/detail/timer_api.h"
#include "runtime/sched/timers.h"
#include "runtime/sync/channel.h"
#include "runtime/wait/row.h"

namespace gordian::detail {

struct TimerCore : rt::sched::Timer {
  std::atomic<std::uint32_t> guard{0};
  std::atomic<std::uint32_t> references{1};
  bool outstanding = false;  // armed or on its way [T2]
  bool is_set = false;
  std::uint64_t arms = 0;  // how often it was armed
  std::uint64_t period = 0;
  Channel* channel = nullptr;  // one that sends, while it exists
  TimerBody* body = nullptr;   // one that calls
  void (*entry)(void*) = nullptr;
  ActorId set_by{};
  rt::wait::CodePoint set_at{};
  std::uint64_t ticket = 0;
  ObjectState object{7};  // one that calls; otherwise the channel stands for it
};

}  // namespace gordian::detail

namespace gordian::rt::sync {

// Somebody looks whether the channel has a value: if the time has come, it has, though no worker has seen to it yet
// (Go: maybeRunChan in runtime/time.go).
void send_if_due(detail::TimerCore& core) noexcept;
// The channel's last handle is gone: nobody can see the timer any more.
void abandon(detail::TimerCore& core) noexcept;
// One that calls when it is told to: sets it without a time; makes its one call, by the caller's hand, if it is still
// set.
void expect(detail::TimerCore& core) noexcept;
void call_now(detail::TimerCore& core) noexcept;

}  // namespace gordian::rt::sync
