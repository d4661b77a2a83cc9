// SPDX-License-Identifier: Apache-2.0
// The clocks of the race detector, fed with less.
#include "analyzer/detect/hard_order.h"

namespace gordian::analysis {

void HardOrder::step(const Step& step) {
  if (std::holds_alternative<trace::Object>(step.event)) {
    clocks_.apply(step);  // a channel's capacity is needed later
    return;
  }
  if (!started_) {
    return;
  }
  const bool is_lock = std::holds_alternative<trace::Lock>(step.event) ||
                       std::holds_alternative<trace::TryLock>(step.event) ||
                       std::holds_alternative<trace::Unlock>(step.event);
  if (is_lock) {
    return;
  }
  if (const auto* atomic = std::get_if<trace::Atomic>(&step.event)) {
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
