// SPDX-License-Identifier: Apache-2.0
// Starvation: somebody waited long for a lock while others, who asked later, were served again and again. Both are
// counted facts (requests.h), both limits must be passed, so it is observed or not said. Waits with a time limit are
// the cure and never starve; who can never be woken is stuck, not starved.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/requests.h"

namespace gordian::analysis {

struct StarvationLimits {
  std::uint64_t bypasses = 100;             // at least so often
  std::uint64_t waited_ns = 1'000'000'000;  // and at least so long
};

class Starvation {
 public:
  Starvation(const Scene& scene, const StarvationLimits& limits) : scene_(scene), limits_(limits) {}

  void request(const Request& request);
  // One finding for each lock and place of the wait: the longest one.
  void finish(std::vector<Finding>& findings) const;

 private:
  struct Starved {
    Request worst;
    std::uint64_t count = 0;
  };
  [[nodiscard]] std::uint64_t waited_ns(const Request& request) const;
  [[nodiscard]] Finding make(const Starved& starved) const;

  const Scene scene_;
  const StarvationLimits limits_;
  std::map<std::pair<ObjectId, Place>, Starved> starved_;
};

}  // namespace gordian::analysis
