// SPDX-License-Identifier: Apache-2.0
// What all detectors share: they watch the merged trace, before the world moves on, and speak once, at the end. Who has
// found something may ask for the trace once more, to tell what surrounds it.
#pragma once

#include <vector>

#include "analyzer/detect/coverage.h"
#include "analyzer/detect/object_names.h"
#include "analyzer/detect/time_base.h"
#include "analyzer/finding/finding.h"
#include "analyzer/ingest/symbols.h"
#include "analyzer/model/place.h"
#include "analyzer/model/step.h"
#include "analyzer/model/world.h"

namespace gordian::analysis {

// What a detector may look at: valid for as long as it lives. `world` is the state just before the step that it is
// shown, and the final state in finish().
struct Scene {
  const World& world;
  const Symbols& symbols;
  const StackTable& stacks;
  const ObjectNames& names;
  TimeBase time = {};
};

class Detector : public Observer {
 public:
  // After the trace has been shown: who has to see it again, in the same order, with the world in its final state.
  // Asked again after each time, until it says nobody.
  virtual Observer* again() { return nullptr; }
  // Appends its findings, without ids; analyze() sorts and names them.
  virtual void finish(std::vector<Finding>& findings) = 0;
  // After finish(): what it did not look at.
  virtual void admit(Coverage& /*coverage*/) const {}
};

}  // namespace gordian::analysis
