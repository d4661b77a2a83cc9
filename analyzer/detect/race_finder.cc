// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/race_finder.h"

#include <algorithm>
#include <bit>

namespace gordian::analysis {

namespace {

// Of one pair of sites: a loop over many objects is one mistake, and enough examples of it are kept.
constexpr std::size_t kMaxObjectsPerPair = 64;
constexpr std::size_t kActorsCompared = 16;

void remember_side(std::vector<PastAccess>& sides, const PastAccess& access) {
  const auto known = std::find_if(sides.begin(), sides.end(), [&](const PastAccess& side) {
    return side.actor == access.actor && side.site == access.site && side.function == access.function;
  });
  if (known == sides.end()) {
    if (sides.size() < kActorsCompared) {
      sides.push_back(access);
    }
  } else if (access.epoch.slot == known->epoch.slot && access.epoch.time < known->epoch.time) {
    *known = access;
  }
}

}  // namespace

void RaceFinder::step(const Step& step) {
  ++steps_;
  memory_.step(step);
  world_.apply(step);
}

void RaceFinder::race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
                      std::uint8_t bytes) {
  const std::uint64_t first_byte = address + (size == AccessHistory::kGranule ? std::countr_zero(bytes) : 0);
  SiteKey first{earlier.function, earlier.site, earlier.kind, earlier.ends_life};
  SiteKey second{later.function, later.site, later.kind, later.ends_life};
  if (second < first) {
    std::swap(first, second);
  }
  const std::optional<MemoryBlock> block = memory_.blocks().at(first_byte);
  const PairKey key{first, second, block ? block->address : address};
  auto known = index_.find(key);
  if (known == index_.end()) {
    if (++objects_of_pair_[{first, second}] > kMaxObjectsPerPair) {
      ++uncounted_;
      return;
    }
    known = index_.emplace(key, races_.size()).first;
    races_.push_back({earlier, later, first_byte, block, steps_, 0, {}});
  }
  Race& race = races_[known->second];
  ++race.count;
  for (const PastAccess* side : {&earlier, &later}) {
    remember_side(race.sides, *side);
  }
}

}  // namespace gordian::analysis
