// SPDX-License-Identifier: Apache-2.0
// What cannot change places as long as every atomic reads what it read: happens-before, and besides, who reads an
// atomic or changes it knows all that its last writer knew, whatever the memory orders say. A flag that is stored after
// a send and awaited before the close keeps the two apart although it may be relaxed: were the channel's own lock taken
// in the other order, the load would read a store that it happens before. The race detector must not use that, memory
// that no lock protects obeys the weaker relation; who says that two calls could come in the other order must.
//
// It starts on demand: only paths between two moments matter, and they lie after the first one.
#pragma once

#include "analyzer/detect/clocks.h"
#include "analyzer/model/epoch.h"
#include "analyzer/model/step.h"

namespace gordian::analysis {

class SeenOrder {
 public:
  // Before the first moment is asked for, steps are ignored.
  void step(const Step& step);
  // The present moment of an actor. Who knows it knows all that the actor did up to its next release.
  [[nodiscard]] Epoch now(ActorId actor);
  // Does the actor know it at present?
  [[nodiscard]] bool knows(ActorId actor, Epoch moment) { return clocks_.actor(actor).clock.knows(moment); }

 private:
  void atomic(const Step& step, trace::Atomic operation);

  bool started_ = false;
  Clocks clocks_;
};

}  // namespace gordian::analysis
