// SPDX-License-Identifier: Apache-2.0
// Deadlocks, stuck and leaked goroutines: what the final state of the program says about who can never proceed
// (stuck.h) and why (wait_for.h). Everybody is stuck: one deadlock, all-asleep. Otherwise each cycle or knot is a
// deadlock, partial, and takes along those who wait for it; who waits for nobody is leaked if main returned, stuck if
// it did not; if what it waits for is a signal that came too early (lost_wakeup.h), that is a lost wake-up, also when
// everybody else waits for it. Every stuck goroutine takes part in exactly one finding.
#pragma once

#include <cstdint>

#include "analyzer/detect/detector.h"
#include "analyzer/detect/lost_wakeup.h"
#include "analyzer/detect/wait_group_debts.h"

namespace gordian::analysis {

class Deadlock : public Detector {
 public:
  explicit Deadlock(const Scene& scene) : scene_(scene) {}

  void step(const Step& step) override;
  void finish(std::vector<Finding>& findings) override;

 private:
  const Scene scene_;
  WaitGroupDebts debts_;
  LostSignals signals_;
  std::uint64_t latest_cycles_ = 0;
};

}  // namespace gordian::analysis
