// SPDX-License-Identifier: Apache-2.0
// The clocks of the race detector, fed with less.
#include "analyzer/detect/hard_order.h"

namespace gordian::analysis {

void HardOrder::step(const Step& step) {
  if (trace::is_event<trace::Object>(step.event)) {
    clocks_.apply(step);  // a channel's capacity is needed later
    return;
  }
  if (!started_) {
    return;
  }
  const bool is_lock = trace::is_event<trace::Lock>(step.event) || trace::is_event<trace::TryLock>(step.event) ||
                       trace::is_event<trace::Unlock>(step.event);
  if (is_lock) {
    return;
  }
  if (const auto* atomic = trace::event_as<trace::Atomic>(&step.event)) {
    if (static_cast<trace::AtomicOp>(atomic->op) == trace::AtomicOp::load) {
      clocks_.acquire_atomic(step, *atomic);
    } else {
      clocks_.release_atomic(step, *atomic);
    }
    return;
  }
  clocks_.apply(step);
}

Moment HardOrder::now(ActorId id) {
  started_ = true;
  ActorClock& actor = clocks_.actor(id);
  return {actor.use(), actor.clock};
}

}  // namespace gordian::analysis
