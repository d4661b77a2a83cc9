// SPDX-License-Identifier: Apache-2.0
// What surrounds the accesses of races, from two more passes over the trace: the first finds the accesses again, the
// second records the lanes. Only who races pays for them.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/find_accesses.h"
#include "analyzer/detect/lanes.h"

namespace gordian::analysis {

class Surroundings {
 public:
  struct Side {
    AccessFinder::Wanted access;
    std::vector<ObjectId> held;
  };

  explicit Surroundings(const Scene& scene) : finder_(scene), recorder_(scene) {}

  void add(std::array<Side, 2> race);
  // As Detector::again, once all races are added.
  Observer* again();
  // In the order in which they were added.
  std::vector<RaceLanes> take() { return recorder_.take(); }

 private:
  void record_lanes();

  AccessFinder finder_;  // numbers 2i and 2i + 1: the sides of races_[i]
  LaneRecorder recorder_;
  std::vector<std::array<Side, 2>> races_;
  int shown_ = 0;  // times that the trace was asked for
};

}  // namespace gordian::analysis
