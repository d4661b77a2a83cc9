// SPDX-License-Identifier: Apache-2.0
// What is due when. An intrusive pairing heap under one lock: a timer is part of whoever waits for it, so that setting
// one allocates nothing. Workers fire due timers on their scheduler's stack; an idle one sleeps until the next is due.
#pragma once

#include <cstdint>

#include "runtime/record/clock.h"

namespace gordian::rt::sched {

struct Timer {
  std::uint64_t due_ns = 0;  // CLOCK_MONOTONIC
  void (*fire)(Timer* timer) noexcept =
      nullptr;  // on a scheduler's stack, outside the timers' lock; may free the timer
  Timer* child = nullptr;
  Timer* sibling = nullptr;
  Timer* previous = nullptr;  // the sibling before, or the parent of a first child
  bool armed = false;
};

inline constexpr std::uint64_t kNever = ~std::uint64_t{0};

inline std::uint64_t now_ns() noexcept { return record::monotonic_ns(); }
void arm(Timer& timer) noexcept;
// True: it will not fire. False: it has fired or is firing.
bool disarm(Timer& timer) noexcept;
// When the next one is due; kNever if there is none. A hint, exact for who set the last one.
std::uint64_t next_due() noexcept;
// Fires what is due; what is due until `now`.
void fire_due() noexcept;
void fire_until(std::uint64_t now) noexcept;
void forget_timers() noexcept;  // in the child of a fork

}  // namespace gordian::rt::sched
