// SPDX-License-Identifier: Apache-2.0
// The clocks of the race detector, fed with more.
#include "analyzer/detect/seen_order.h"

#include "runtime/trace/heap_room.h"

namespace gordian::analysis {

void SeenOrder::step(const Step& step) {
  if (const auto* operation = trace::event_as<trace::Atomic>(&step.event)) {
    atomic(step, *operation);
  } else if (const auto* alloc = trace::event_as<trace::Alloc>(&step.event)) {
    if (trace::begins_life(*alloc)) {
      clocks_.forget_atomics(alloc->address, alloc->size);
    }
  } else if (const auto* free = trace::event_as<trace::Free>(&step.event)) {
    clocks_.forget_atomics(free->address, free->size);
  } else {
    clocks_.apply(step);
  }
}

void SeenOrder::atomic(const Step& step, trace::Atomic operation) {
  if (!step.actor) {
    return;
  }
  operation.order = static_cast<std::uint64_t>(trace::AtomicOrder::seq_cst);
  clocks_.acquire_atomic(step, operation);
  clocks_.release_atomic(step, operation);
}

}  // namespace gordian::analysis
