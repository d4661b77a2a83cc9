// SPDX-License-Identifier: Apache-2.0
// The go statement in two steps: room for the closure, which user code then constructs; then the start.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gordian::rt::sched {

void* begin_spawn(std::size_t bytes, std::size_t alignment) noexcept;
void cancel_spawn(void* closure) noexcept;  // the constructor threw
void commit_spawn(void* closure, void (*entry)(void*), std::size_t stack_bytes, const void* caller) noexcept;
// How many goroutines plain threads have started.
std::uint64_t foreign_spawns() noexcept;

}  // namespace gordian::rt::sched
