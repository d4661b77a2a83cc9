// SPDX-License-Identifier: Apache-2.0
// Figures of every lock and channel that was waited for: how often, how long, who was passed over. A table, not a
// finding: waiting is what locks are for. What of it is starvation, starvation.h decides.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/requests.h"
#include "analyzer/detect/starvation.h"
#include "analyzer/finding/contention.h"
#include "analyzer/model/flat_map.h"

namespace gordian::analysis {

class ContentionFigures : public Detector, private RequestSink {
 public:
  ContentionFigures(const Scene& scene, const StarvationLimits& limits)
      : scene_(scene), requests_(*this), starvation_(scene, limits) {}

  void step(const Step& step) override;
  // Starvation.
  void finish(std::vector<Finding>& findings) override;
  // After finish(): what was waited for or asked for in vain, the longest waits together first.
  [[nodiscard]] std::vector<Contention> figures() const;

 private:
  struct Row {
    ObjectId object{};
    std::uint64_t acquisitions = 0;
    std::uint64_t waits = 0;
    std::uint64_t failed = 0;
    std::uint64_t bypasses = 0;
    Cycles waited = 0;
    Cycles longest_wait = 0;
    Place longest_wait_at;
    Cycles longest_hold = 0;
    Place longest_hold_at;
  };

  void request(const Request& request) override;
  void hold(const LockHold& hold) override;
  Row& row(std::uint64_t object);
  [[nodiscard]] Contention figures_of(const Row& row) const;

  const Scene scene_;
  Requests requests_;
  Starvation starvation_;
  FlatMap<ObjectId, std::uint32_t> numbers_;  // index + 1
  std::vector<Row> rows_;
};

}  // namespace gordian::analysis
