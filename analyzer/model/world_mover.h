// SPDX-License-Identifier: Apache-2.0
// The last observer of a merge: detectors see the world as it is before each step, then it moves on.
#pragma once

#include "analyzer/model/step.h"
#include "analyzer/model/world.h"

namespace gordian::analysis {

class WorldMover : public Observer {
 public:
  explicit WorldMover(World& world) : world_(world) {}
  void step(const Step& step) override { world_.apply(step); }

 private:
  World& world_;
};

}  // namespace gordian::analysis
