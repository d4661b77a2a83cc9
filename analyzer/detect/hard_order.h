// SPDX-License-Identifier: Apache-2.0
// Happens-before by hard edges only: those that hold in every schedule of the same communication. go and thread
// creation, joins, channels, WaitGroup, Once, Cond, semaphores, timers, and loads that acquire from an atomic; not
// mutexes, which may be passed in another order, nor what a read-modify-write reads: those are counters and locks in
// disguise. Two lock requests that are ordered so can never be pending together (the segment graph of Bensalem and
// Havelund, PADTAD 2005).
//
// It starts on demand: only paths between two moments matter, and they lie after the first one.
#pragma once

#include "analyzer/detect/clocks.h"
#include "analyzer/model/epoch.h"
#include "analyzer/model/step.h"
#include "analyzer/model/vector_clock.h"

namespace gordian::analysis {

// A point in an actor's life.
struct Moment {
  Epoch epoch;
  VectorClock clock;
  friend bool operator==(const Moment& a, const Moment& b) {
    return a.epoch.slot == b.epoch.slot && a.epoch.time == b.epoch.time && a.clock == b.clock;
  }
};

// Can the program be at both at once? Never for two moments of one actor.
inline bool concurrent(const Moment& a, const Moment& b) { return !a.clock.knows(b.epoch) && !b.clock.knows(a.epoch); }

class HardOrder {
 public:
  // Before the first moment is asked for, steps are ignored.
  void step(const Step& step);
  [[nodiscard]] Moment now(ActorId actor);

 private:
  bool started_ = false;
  Clocks clocks_;
};

}  // namespace gordian::analysis
