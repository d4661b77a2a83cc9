// SPDX-License-Identifier: Apache-2.0
// clock@slot: one point in the life of an actor. Slots are small dense numbers that stand for actors in vector clocks;
// an actor that ended can leave its slot to a younger one, whose times then go on from there.
#pragma once

#include <cstdint>
#include <limits>

namespace gordian::analysis {

using Slot = std::uint32_t;
using Time = std::uint32_t;  // counts an actor's release operations, from 1; 0 = never

struct Epoch {
  Slot slot = 0;
  Time time = 0;  // 0: before everything
  friend constexpr bool operator==(Epoch, Epoch) = default;
};

// After everything: no clock ever knows it.
inline constexpr Epoch kNoEpoch{0, std::numeric_limits<Time>::max()};

}  // namespace gordian::analysis
