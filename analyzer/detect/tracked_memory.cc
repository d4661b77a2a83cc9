// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/tracked_memory.h"

#include "runtime/trace/heap_room.h"

namespace gordian::analysis {

void TrackedMemory::step(const Step& step) {
  const auto* free = trace::event_as<trace::Free>(&step.event);
  if (free != nullptr && blocks_.ends_a_life(step, *free)) {
    order_.end_life(step, *free, blocks_.end(*free));
    return;
  }
  const auto* alloc = trace::event_as<trace::Alloc>(&step.event);
  if (alloc != nullptr && !trace::begins_life(*alloc)) {
    const std::uint64_t before = blocks_.grow(*alloc);
    order_.forget(alloc->address + before, alloc->size - before);
    return;
  }
  order_.step(step);
  blocks_.step(step);
}

}  // namespace gordian::analysis
