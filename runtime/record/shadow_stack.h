// SPDX-License-Identifier: Apache-2.0
// Memory for shadow stacks: one gordian_rt_frame per call that is under way. Invariant: it cannot overflow before the
// machine stack does, because an instrumented function that calls another takes at least 16 bytes there (return address
// and alignment) and one frame of 24 bytes here. Reserved, committed by touch, ended by a guard page.
#pragma once

#include <cstddef>

#include "runtime/abi/hooks.h"
#include "runtime/base/bits.h"

namespace gordian::rt::record {

inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::size_t kMinMachineFrame = 16;

// Bytes of shadow stack for a machine stack of that size, guard page not included; for runtimes that lay both out in
// one mapping. The memory need not be zero.
constexpr std::size_t shadow_bytes(std::size_t machine_stack_bytes) noexcept {
  return align_up(machine_stack_bytes / kMinMachineFrame * sizeof(gordian_rt_frame), kPageBytes);
}

// A mapping of its own with a guard page above; null when the system has no memory. release_frames takes the same size.
gordian_rt_frame* allocate_frames(std::size_t machine_stack_bytes) noexcept;
void release_frames(gordian_rt_frame* frames, std::size_t machine_stack_bytes) noexcept;

}  // namespace gordian::rt::record
