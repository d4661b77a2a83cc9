// SPDX-License-Identifier: Apache-2.0
// Vector clocks (Fidge 1988, Mattern 1989): for each slot, up to which of its times one knows. An entry that was never
// set is 0, so clocks of different lengths compare and join.
//
// The first few slots lie in the clock itself, one cache line: a program with few threads needs no more. Copying a
// clock costs that line, however many slots there are.
#pragma once

#include <algorithm>
#include <array>

#include "analyzer/model/epoch.h"
#include "analyzer/model/shared_times.h"

namespace gordian::analysis {

class VectorClock {
 public:
  static constexpr Slot kNear = 12;

  [[nodiscard]] Time at(Slot slot) const { return slot < kNear ? near_[slot] : far_.at(slot); }
  [[nodiscard]] bool knows(Epoch epoch) const { return epoch.time <= at(epoch.slot); }

  void set(Slot slot, Time time) {
    if (slot < kNear) {
      near_[slot] = time;
    } else {
      far_.set(slot, time);
    }
  }

  void join(const VectorClock& other) {
    for (Slot i = 0; i < kNear; ++i) {
      near_[i] = std::max(near_[i], other.near_[i]);
    }
    far_.join(other.far_);
  }

  void clear() { *this = VectorClock(); }

  friend bool operator==(const VectorClock&, const VectorClock&) = default;

 private:
  std::array<Time, kNear> near_{};
  SharedTimes far_;
};
static_assert(sizeof(VectorClock) == 64);

}  // namespace gordian::analysis
