// SPDX-License-Identifier: Apache-2.0
// The go statement in two steps: room for the closure, which user code then constructs; then the start.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/wait/row.h"

namespace gordian::rt::sched {

void* begin_spawn(std::size_t bytes, std::size_t alignment) noexcept;
void cancel_spawn(void* closure) noexcept;  // the constructor threw
void commit_spawn(void* closure, void (*entry)(void*), std::size_t stack_bytes, const void* caller) noexcept;
// A goroutine that the clock starts, on a scheduler's stack: entry(closure) with `argument` as the closure's one word.
// The caller records its creation before it commits.
struct ClockSpawn {
  void* closure = nullptr;
  ActorId id{};
};
ClockSpawn begin_clock_spawn(void (*entry)(void*), void* argument, ActorId creator,
                             const wait::CodePoint& created_at) noexcept;
void commit_clock_spawn(const ClockSpawn& spawn) noexcept;
// How many goroutines plain threads have started.
std::uint64_t foreign_spawns() noexcept;
void forget_foreign_spawns() noexcept;  // in the child of a fork

}  // namespace gordian::rt::sched
