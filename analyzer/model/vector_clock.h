// SPDX-License-Identifier: Apache-2.0
// Vector clocks (Fidge 1988, Mattern 1989): for each slot, up to which of its times one knows. An entry that was never
// set is 0, so clocks of different lengths compare and join.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "analyzer/model/epoch.h"

namespace gordian::analysis {

class VectorClock {
 public:
  [[nodiscard]] Time at(Slot slot) const { return slot < times_.size() ? times_[slot] : 0; }
  [[nodiscard]] bool knows(Epoch epoch) const { return epoch.time <= at(epoch.slot); }
  [[nodiscard]] bool empty() const { return times_.empty(); }
  [[nodiscard]] std::size_t size() const { return times_.size(); }

  void set(Slot slot, Time time) {
    grow(slot + std::size_t{1});
    times_[slot] = time;
  }

  void join(const VectorClock& other) {
    grow(other.times_.size());
    Time* const mine = times_.data();
    const Time* const theirs = other.times_.data();
    for (std::size_t i = 0, count = other.times_.size(); i < count; ++i) {
      mine[i] = std::max(mine[i], theirs[i]);
    }
  }

  void clear() { times_.clear(); }

  friend bool operator==(const VectorClock& a, const VectorClock& b) {
    const std::size_t size = std::max(a.size(), b.size());
    for (Slot i = 0; i < size; ++i) {
      if (a.at(i) != b.at(i)) {
        return false;
      }
    }
    return true;
  }

 private:
  void grow(std::size_t size) {
    if (times_.size() < size) {
      times_.resize(size);
    }
  }

  std::vector<Time> times_;
};

}  // namespace gordian::analysis
