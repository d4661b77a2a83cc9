// SPDX-License-Identifier: Apache-2.0
// Finds the accesses of races again when the trace is shown a second time: how many acts of its actor lie before each.
// The access history keeps no such count, because it would have to keep it for every access that it remembers.
//
// The merge shows the same trace in the same order each time. So the later access of a race is the first of its kind
// after the step at which the race was seen, and the earlier one is the last of its kind before that step: a later
// access of an actor at the same place stands for its earlier ones (model/access_history.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "analyzer/detect/acts.h"
#include "analyzer/model/flat_map.h"
#include "analyzer/model/step.h"

namespace gordian::analysis {

class AccessFinder : public Observer {
 public:
  struct Wanted {
    ActorId actor{};
    Place place;
    trace::AccessKind kind = trace::AccessKind::read;
    std::uint64_t address = 0;  // one byte that it touches
    std::uint64_t step = 0;     // steps that had been shown when the race was seen
    bool is_later = false;
    bool ends_life = false;  // no access: the memory is given back
  };
  struct Found {
    std::uint64_t before = 0;  // acts of the actor
    bool is_act = false;       // an atomic: the next act is the access itself
    bool found = false;
    // The number of the act that is the access, else of the last one before it.
    [[nodiscard]] std::uint64_t last() const { return before + (is_act ? 1 : 0); }
  };

  explicit AccessFinder(const Scene& scene) : deeds_(scene) {}

  // Before the trace is shown. Returns its number.
  std::size_t want(const Wanted& wanted);
  [[nodiscard]] const Found& found(std::size_t number) const { return found_[number]; }

  void step(const Step& step) override;
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override { look_at(access, {}); }

 private:
  static std::uint64_t key(const Place& place) { return std::uint64_t{place.stack.value} << 32 | place.site; }
  struct Nature {
    bool is_act = false;
    bool ends_life = false;
  };
  void look_at(const Access& access, Nature nature);

  Deeds deeds_;
  std::vector<Wanted> wanted_;
  std::vector<Found> found_;                                  // by number
  FlatMap<std::uint64_t, std::vector<std::size_t>> numbers_;  // by key of the place
  std::unordered_map<ActorId, std::uint64_t> acts_;           // of the actors that are wanted, so far
  std::uint64_t steps_ = 0;
};

}  // namespace gordian::analysis
