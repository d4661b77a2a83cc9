// SPDX-License-Identifier: Apache-2.0
// Turns races into findings: the first occurrence of each pair of sites on each object is kept with both stacks and
// held locks, later ones are counted; in the end the pairs on one object in one pair of functions become one finding.
// Only who races pays for more passes over the trace: one that tells which findings may follow from others, and two for
// what surrounds the accesses, first for their place among their actor's acts, then for the acts.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/first_races.h"
#include "analyzer/detect/happens_before.h"
#include "analyzer/detect/memory_blocks.h"
#include "analyzer/detect/surroundings.h"
#include "analyzer/finding/finding.h"
#include "analyzer/model/access_history.h"

namespace gordian::analysis {

class Races : public Detector, private RaceSink {
 public:
  // `memory`: of HappensBefore.
  explicit Races(const Scene& scene, std::uint64_t memory = 0)
      : scene_(scene),
        order_(scene.world, scene.stacks, *this, memory, {}, scene.time.elapsed_ns),
        blocks_(scene),
        first_races_(scene.stacks),
        surroundings_(scene) {}

  void step(const Step& step) override;
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override { order_.access(access); }
  void accesses(const AccessRun& run) override { order_.accesses(run); }
  [[nodiscard]] Clocks& clocks() { return order_.clocks(); }
  Observer* again() override;
  void finish(std::vector<Finding>& findings) override;
  void admit(Coverage& coverage) const override {
    coverage.races_uncounted = uncounted_;
    coverage.left_out += order_.left_out();
  }

 private:
  struct SiteKey {
    FunctionId function{};
    std::uint32_t site = 0;
    trace::AccessKind kind = trace::AccessKind::read;
    bool ends_life = false;
    auto operator<=>(const SiteKey&) const = default;
  };
  struct PairKey {
    SiteKey first;  // not after second
    SiteKey second;
    std::uint64_t object = 0;  // base of the block, else the granule
    auto operator<=>(const PairKey&) const = default;
  };
  struct Race {
    PastAccess earlier;
    PastAccess later;
    std::uint64_t address = 0;  // first byte that both touch
    std::optional<MemoryBlock> block;
    std::uint64_t step = 0;  // steps seen so far
    std::uint64_t count = 0;
    std::vector<PastAccess> sides;  // the first of each actor at each place
  };
  struct Group {
    const Race* shown = nullptr;  // the best by merit()
    std::vector<const Race*> races;
    std::vector<std::string> variable;  // what names it
    std::size_t number = 0;             // of the variable in first_races_
    std::vector<RacePair> pairs;
    std::uint64_t count = 0;
  };

  void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
            std::uint8_t bytes) override;
  [[nodiscard]] ObjectRef object(const Race& race) const;
  [[nodiscard]] int merit(const Race& race) const;
  [[nodiscard]] Stack stack(const PastAccess& access) const;
  [[nodiscard]] Role role_in(const Race& race, const PastAccess& access) const;
  [[nodiscard]] ActorRef side(const Race& race, const PastAccess& access) const;
  void add(std::map<std::vector<std::string>, Group>& groups, const Race& race) const;
  void group();
  [[nodiscard]] std::vector<StandIn> stand_ins(const Group& group) const;
  void look_for_first();
  void tell_causes(std::span<Finding> findings) const;
  [[nodiscard]] FirstRaces::Moment moment(const PastAccess& access, std::uint64_t low, std::uint64_t high) const;
  [[nodiscard]] Surroundings::Side wanted(const Race& race, const PastAccess& access) const;

  const Scene scene_;
  HappensBefore order_;
  MemoryBlocks blocks_;
  std::map<PairKey, std::size_t> index_;  // into races_
  std::vector<Race> races_;               // in the order in which they were seen
  std::uint64_t steps_ = 0;
  bool grouped_ = false;
  std::vector<Group> groups_;    // of each finding
  FirstRaces first_races_;       // of the first kMostCompared of them
  Surroundings surroundings_;    // of groups_, in their order
  std::uint64_t uncounted_ = 0;  // beyond kMaxObjectsPerPair
  std::map<std::pair<SiteKey, SiteKey>, std::size_t> objects_of_pair_;
};

}  // namespace gordian::analysis
