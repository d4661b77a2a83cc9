// SPDX-License-Identifier: Apache-2.0
// The second look: an AccessHistory of suspect granules alone. Of a range it is told the parts that touch one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/model/access_history.h"
#include "analyzer/model/suspects.h"

namespace gordian::analysis {

class SuspectHistory : public AccessTracker {
 public:
  SuspectHistory(const Suspects& suspects, RaceSink& sink, std::uint64_t budget, Histories::Limits limits = {})
      : suspects_(suspects), history_(sink, budget, limits) {}

  void elements(const PastAccess& access, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                std::uint64_t step, const VectorClock& knows) override;
  void accesses(const PastAccess& common, std::span<const PlainAccess> accesses, const VectorClock& knows) override;
  void end_life(const PastAccess& end, std::uint64_t address, std::uint64_t size, const VectorClock& knows) override;
  void forget(std::uint64_t address, std::uint64_t size) override { history_.forget(address, size); }
  [[nodiscard]] std::uint64_t left_out() const override { return history_.left_out(); }

 private:
  const Suspects& suspects_;
  AccessHistory history_;
  std::vector<PlainAccess> chosen_;  // of a run
};

}  // namespace gordian::analysis
