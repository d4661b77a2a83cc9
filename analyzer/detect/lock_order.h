// SPDX-License-Identifier: Apache-2.0
// Lock-order inversions: cycles of lock dependencies that did not hang in this run but could in another. Cycles through
// the same lines of code are one finding. A cycle that really hung is a deadlock already and is not reported again, so
// this detector finishes after Deadlock. Always "potential": that the requests can meet is shown, that the program's
// own control flow lets them is not.
#pragma once

#include "analyzer/detect/detector.h"
#include "analyzer/detect/lock_dependencies.h"

namespace gordian::analysis {

class LockOrder : public Detector {
 public:
  explicit LockOrder(const Scene& scene) : scene_(scene), dependencies_(scene.world) {}

  void step(const Step& step) override { dependencies_.step(step); }
  // Looks at the deadlocks among the findings so far.
  void finish(std::vector<Finding>& findings) override;
  void admit(Coverage& coverage) const override { coverage.lock_orders_complete = complete_; }

 private:
  const Scene scene_;
  LockDependencies dependencies_;
  bool complete_ = true;
};

}  // namespace gordian::analysis
