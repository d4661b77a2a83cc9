// SPDX-License-Identifier: Apache-2.0
// Turns races into findings: the first occurrence of each pair of sites on each object is kept with both stacks and
// held locks, later ones are counted; in the end the pairs on one object in one pair of functions become one finding.
// What surrounds the accesses of those is looked up in two more passes over the trace, first for their place among
// their actor's acts, then for the acts: only who races pays for it.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/happens_before.h"
#include "analyzer/detect/surroundings.h"
#include "analyzer/finding/finding.h"
#include "analyzer/model/access_history.h"

namespace gordian::analysis {

class Races : public Detector, private RaceSink {
 public:
  explicit Races(const Scene& scene) : scene_(scene), order_(scene.world, scene.stacks, *this), surroundings_(scene) {}

  void step(const Step& step) override;
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override { order_.access(access); }
  Observer* again() override;
  void finish(std::vector<Finding>& findings) override;
  void admit(Coverage& coverage) const override {
    coverage.races_uncounted = uncounted_;
    coverage.left_out += order_.left_out();
  }

 private:
  struct Block {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    trace::MemoryKind kind = trace::MemoryKind::heap;
    Place place;
    ActorId actor{};
    bool ended = false;
  };
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
    std::optional<Block> block;
    std::uint64_t step = 0;  // steps seen so far
    std::uint64_t count = 0;
  };
  struct Group {
    const Race* shown = nullptr;  // the best by merit()
    std::vector<RacePair> pairs;
    std::uint64_t count = 0;
  };

  void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
            std::uint8_t bytes) override;
  void begin_block(const Step& step, const trace::Alloc& alloc);
  [[nodiscard]] bool ends_a_life(const Step& step, const trace::Free& free);
  [[nodiscard]] const Block* block_at(std::uint64_t address) const;
  [[nodiscard]] ObjectRef object(const Race& race) const;
  [[nodiscard]] int merit(const Race& race) const;
  [[nodiscard]] Stack stack(const PastAccess& access) const;
  [[nodiscard]] Role role_in(const Race& race, const PastAccess& access) const;
  [[nodiscard]] ActorRef side(const Race& race, const PastAccess& access) const;
  struct Variable {
    std::string name;
    trace::NameKind kind = trace::NameKind::none;
  };
  [[nodiscard]] Variable variable(const Race& race) const;
  void add(std::map<std::vector<std::string>, Group>& groups, const Race& race) const;
  void group();
  [[nodiscard]] Surroundings::Side wanted(const Race& race, const PastAccess& access) const;

  const Scene scene_;
  HappensBefore order_;
  std::map<std::uint64_t, Block> blocks_;  // by address; those that have ended until their memory is another block's
  std::map<std::pair<FunctionId, std::uint32_t>, bool> frees_;  // calls that were looked at
  bool exiting_ = false;
  std::map<PairKey, std::size_t> index_;  // into races_
  std::vector<Race> races_;               // in the order in which they were seen
  std::uint64_t steps_ = 0;
  bool grouped_ = false;
  std::vector<Group> groups_;    // of each finding
  Surroundings surroundings_;    // of groups_, in their order
  std::uint64_t uncounted_ = 0;  // beyond kMaxObjectsPerPair
  std::map<std::pair<SiteKey, SiteKey>, std::size_t> objects_of_pair_;
};

}  // namespace gordian::analysis
