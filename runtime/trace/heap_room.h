// SPDX-License-Identifier: Apache-2.0
// An Alloc of one more kind, which has no Free of its own and begins no life: the heap block that lives at the address
// may be used up to the size.
#pragma once

#include "runtime/trace/event.h"

namespace gordian::trace {

inline constexpr auto kHeapRoom = static_cast<MemoryKind>(5);

[[nodiscard]] constexpr bool begins_life(const Alloc& alloc) {
  return static_cast<MemoryKind>(alloc.kind) != kHeapRoom;
}

}  // namespace gordian::trace
