// SPDX-License-Identifier: Apache-2.0
// Machine stacks of goroutines, with the shadow stack that instrumented code uses beside each. Reserved in arenas,
// committed by touch, a guard page below each, reused hot. A stack describes itself in its own topmost bytes.
//
// Guards: mprotect splits the mapping and fails at about 32,000 stacks; MADV_GUARD_INSTALL (Linux 6.13) does not. On
// older kernels every stack is guarded until the system refuses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/abi/hooks.h"

namespace gordian::rt::sched {

inline constexpr std::size_t kDefaultStackBytes = 256 * 1024;

struct alignas(64) Stack {
  std::uintptr_t low = 0;  // first usable byte, above the guard
  gordian_rt_frame* frames = nullptr;
  Stack* next = nullptr;
  void* mapping = nullptr;  // of its own, if it is not of the default size
  std::size_t mapping_bytes = 0;

  // The stack proper ends where its description begins.
  [[nodiscard]] std::uintptr_t high() const noexcept { return reinterpret_cast<std::uintptr_t>(this); }
  [[nodiscard]] std::size_t bytes() const noexcept { return high() - low; }
};

// A worker's own free stacks, the hottest first.
struct StackCache {
  Stack* head = nullptr;
  std::uint32_t count = 0;
};

// A free stack, from the cache or from an arena. bytes 0: the default size.
Stack* take_stack(StackCache& cache, std::size_t bytes) noexcept;
void give_stack(StackCache& cache, Stack* stack) noexcept;
// Is the address in the stack's guard page?
bool in_guard_of(const Stack& stack, std::uintptr_t address) noexcept;
// Guards by mprotect from now on, as on kernels without MADV_GUARD_INSTALL.
void use_old_guards() noexcept;
// In the child of a fork: stacks that others held are lost, the next ones come from a new arena.
void forget_shared_stacks() noexcept;

}  // namespace gordian::rt::sched
