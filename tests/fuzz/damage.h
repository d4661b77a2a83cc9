// SPDX-License-Identifier: Apache-2.0
// Damages a trace, in the way that a number says: the same number, the same damage.
#pragma once

#include <cstdint>

#include "tests/fuzz/reading.h"

namespace gordian::test {

enum class Damage : std::uint8_t {
  cut,      // the end is missing
  flip,     // bytes are changed anywhere
  payload,  // bytes of a chunk's contents are changed, and the checksum says that they should be so
  stored,   // the same of what is stored of it, mostly smaller
  header,   // the same of a chunk's header
  chunks,   // whole chunks are missing, doubled, or in another order
};
inline constexpr std::uint64_t kDamages = 6;

inline Damage damage_of(std::uint64_t number) { return static_cast<Damage>(number % kDamages); }
// Does the file show that it was damaged? Where only its header's texts and numbers were, it does not.
inline bool is_visible(Damage damage) { return damage == Damage::cut || damage == Damage::flip; }

// `good` is whole.
Bytes damaged(const Bytes& good, std::uint64_t number);

}  // namespace gordian::test
