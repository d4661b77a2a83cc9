// SPDX-License-Identifier: Apache-2.0
// Turns races into findings: the first occurrence of each pair of sites on each object is kept with both stacks and
// held locks, later ones are counted; in the end the pairs on one object in one pair of functions become one finding.
//
// The first look only tells where there may be a race (SuspectFinder). Only who has such places pays for more passes
// over the trace: one that finds the races there, one that tells which findings may follow from others, and two for
// what surrounds the accesses, first for their place among their actor's acts, then for the acts.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/first_races.h"
#include "analyzer/detect/race_finder.h"
#include "analyzer/detect/surroundings.h"
#include "analyzer/detect/tracked_memory.h"
#include "analyzer/finding/finding.h"
#include "analyzer/model/suspect_finder.h"

namespace gordian::analysis {

class Races : public Detector {
 public:
  // What the first look is told of. To make footprints of accesses pays where an actor makes many of them between two
  // synchronisations.
  enum class Told { accesses, footprints };
  // Remembers accesses in about `memory` bytes; 0: in half of what the process may have.
  explicit Races(const Scene& scene, std::uint64_t memory = 0, Told told = Told::accesses);

  void step(const Step& step) override { first_look_.step(step); }
  [[nodiscard]] bool wants_accesses() const override { return true; }
  [[nodiscard]] bool wants_footprints() const override { return told_ == Told::footprints; }
  void footprint(const Footprint& footprint) override { first_look_.order().footprint(footprint); }
  void access(const Access& access) override { first_look_.order().access(access); }
  void accesses(const AccessRun& run) override { first_look_.order().accesses(run); }
  [[nodiscard]] Clocks& clocks() { return first_look_.order().clocks(); }
  Observer* again() override;
  void finish(std::vector<Finding>& findings) override;
  void admit(Coverage& coverage) const override;

 private:
  struct Group {
    const Race* shown = nullptr;  // the best by merit()
    std::vector<const Race*> races;
    std::vector<std::string> variable;  // what names it
    std::size_t number = 0;             // of the variable in first_races_
    std::vector<RacePair> pairs;
    std::uint64_t count = 0;
  };

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
  const std::uint64_t budget_;
  const Told told_;
  std::unique_ptr<SuspectFinder> suspects_;
  TrackedMemory first_look_;
  std::unique_ptr<RaceFinder> second_look_;  // if there are suspects
  bool grouped_ = false;
  std::vector<Group> groups_;  // of each finding
  FirstRaces first_races_;     // of the first kMostCompared of them
  Surroundings surroundings_;  // of groups_, in their order
};

}  // namespace gordian::analysis
