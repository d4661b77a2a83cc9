// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/surroundings.h"

#include <utility>

namespace gordian::analysis {

void Surroundings::add(std::array<Side, 2> race) {
  for (const Side& side : race) {
    finder_.want(side.access);
  }
  races_.push_back(std::move(race));
}

Observer* Surroundings::again() {
  if (races_.empty()) {
    return nullptr;
  }
  switch (++shown_) {
    case 1:
      return &finder_;
    case 2:
      record_lanes();
      return &recorder_;
    default:
      return nullptr;
  }
}

void Surroundings::record_lanes() {
  for (std::size_t i = 0; i < races_.size(); ++i) {
    RaceLanes lanes;
    for (std::size_t side = 0; side < 2; ++side) {
      lanes.sides[side].actor = races_[i][side].access.actor;
      lanes.sides[side].access = finder_.found(2 * i + side);
      lanes.sides[side].held = std::move(races_[i][side].held);
    }
    recorder_.watch(std::move(lanes));
  }
}

}  // namespace gordian::analysis
