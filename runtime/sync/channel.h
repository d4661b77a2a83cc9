// SPDX-License-Identifier: Apache-2.0
// A channel: a ring of elements and two queues of parked actors under one spin lock. After Go's runtime/chan.go.
//
// [C1] At least one of senders and receivers is empty (but for waiters whose select was claimed elsewhere, which are
// dropped
//      when met); receivers wait only if the ring is empty, senders only if it is full.
// [C2] Who finds a partner in a queue completes both operations, under the lock, and records both: the events of a
// rendezvous
//      are adjacent. The partner is woken after the lock is released.
// [C3] Elements are bytes; nothing of the user's runs under the lock.
// [C4] A timer's value in the slot was not sent yet, as far as the trace is concerned: who takes it records both
// halves.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "gordian/detail/channel_api.h"
#include "gordian/detail/object_state.h"
#include "runtime/sync/waiter.h"
#include "runtime/trace/event.h"

namespace gordian::detail {

struct TimerCore;

struct Channel {
  explicit Channel(trace::ObjectKind kind) noexcept : object(static_cast<std::uint8_t>(kind)) {}

  std::atomic<std::uint32_t> guard{0};
  bool closed = false;
  std::uint32_t element_bytes = 0;
  std::uint64_t capacity = 0;
  std::atomic<std::uint64_t> count{0};  // in the ring; written under the lock, read by len()
  std::uint64_t first = 0;              // index of the oldest
  std::uint64_t sends = 0;              // tickets
  std::uint64_t receives = 0;
  WaitQueue receivers;
  WaitQueue senders;
  std::atomic<std::uint32_t> references{1};
  void (*drop)(void*) = nullptr;
  TimerCore* timer = nullptr;   // its only sender: the one slot is the timer's, the channel looks unbuffered
  std::uint64_t timer_set = 0;  // ticket of the timer's latest TimerSet
  ObjectState object;

  // As users see it.
  [[nodiscard]] std::uint64_t visible_capacity() const noexcept { return timer == nullptr ? capacity : 0; }
  // The ring follows the struct.
  [[nodiscard]] unsigned char* slot(std::uint64_t index) noexcept {
    return reinterpret_cast<unsigned char*>(this + 1) + index % capacity * element_bytes;
  }
};

// What all waiters of one parked select share.
struct SelectWait {
  std::atomic<std::uint32_t> claim{0};
  std::uint32_t chosen = 0;
  bool ok = false;
  std::span<const std::uint64_t> cases;  // as in the Select event
};

}  // namespace gordian::detail

namespace gordian::rt::sync {

using detail::Channel;

// Null if the capacity is out of range. kind: channel, or what it belongs to, timer or context.
Channel* make_channel(trace::ObjectKind kind, std::size_t element_bytes, std::int64_t capacity,
                      void (*drop)(void*)) noexcept;

// A select's choice, to be recorded as soon as the operation is certain and before it.
struct Choice {
  std::uint64_t chosen = 0;
  std::uint64_t ready = 0;
  std::span<const std::uint64_t> cases;
};

enum class Attempt : std::uint8_t { done, closed, blocked };

// All under the channel's lock. performer: 0, or trace::kTimerActor. `woken` collects whom to wake after the lock.
Attempt attempt_send(Channel& channel, void* element, std::uint64_t performer, const Choice* choice,
                     WaitQueue& woken) noexcept;
Attempt attempt_receive(Channel& channel, void* element, const Choice* choice, WaitQueue& woken) noexcept;
[[nodiscard]] bool can_send(const Channel& channel) noexcept;
[[nodiscard]] bool can_receive(const Channel& channel) noexcept;
// Empties the slot of a timer's channel. True: there was a value.
bool forget_value(Channel& channel) noexcept;
// Completes every parked operation of a channel that was just closed.
void refuse_all(Channel& channel, WaitQueue& woken) noexcept;

// The channel's id while recorded, else 0.
std::uint64_t identify(Channel& channel) noexcept;
void record_choice(const Choice& choice, std::uint64_t actor, std::uint64_t run) noexcept;
void record_send_on_closed(Channel& channel) noexcept;

}  // namespace gordian::rt::sync
