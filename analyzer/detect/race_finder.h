// SPDX-License-Identifier: Apache-2.0
// The second look at a trace: which accesses to suspect memory race, of each pair of source places one example for each
// object. Shown the trace again, with a world of its own: the scene's is at its end by then.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "analyzer/detect/tracked_memory.h"
#include "analyzer/model/suspect_history.h"

namespace gordian::analysis {

struct Race {
  PastAccess earlier;
  PastAccess later;
  std::uint64_t address = 0;  // first byte that both touch
  std::optional<MemoryBlock> block;
  std::uint64_t step = 0;  // steps seen so far
  std::uint64_t count = 0;
  std::vector<PastAccess> sides;  // the first of each actor at each place
};

class RaceFinder : public Observer, private RaceSink {
 public:
  // Remembers accesses in about `memory` bytes.
  RaceFinder(const Scene& scene, const Suspects& suspects, std::uint64_t memory)
      : history_(suspects, *this, memory), memory_(scene, world_, history_) {}

  void step(const Step& step) override;
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override { memory_.order().access(access); }
  void accesses(const AccessRun& run) override { memory_.order().accesses(run); }

  // In the order in which they were seen.
  [[nodiscard]] const std::vector<Race>& races() const { return races_; }
  [[nodiscard]] const HappensBefore& order() const { return memory_.order(); }
  // Races that are none of races(): those of a pair that has too many objects.
  [[nodiscard]] std::uint64_t uncounted() const { return uncounted_; }
  [[nodiscard]] std::uint64_t left_out() const { return history_.left_out(); }

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

  void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
            std::uint8_t bytes) override;

  World world_;
  SuspectHistory history_;
  TrackedMemory memory_;
  std::map<PairKey, std::size_t> index_;  // into races_
  std::vector<Race> races_;
  std::uint64_t steps_ = 0;
  std::uint64_t uncounted_ = 0;  // beyond kMaxObjectsPerPair
  std::map<std::pair<SiteKey, SiteKey>, std::size_t> objects_of_pair_;
};

}  // namespace gordian::analysis
