// SPDX-License-Identifier: Apache-2.0
// Merges the streams of a trace into one legal order (Lamport's happened-before, extended to one total order by
// tickets): an event is enabled when it carries the next ticket of its object, its actor's run has begun, and what it
// completes for others was blocked. Accesses follow the sync event that opens their segment. Streams are read chunk by
// chunk.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/ingest/symbols.h"
#include "analyzer/model/place.h"
#include "analyzer/model/step.h"
#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

struct MergeSummary {
  std::uint64_t steps = 0;
  std::uint64_t accesses = 0;
  std::uint64_t lost = 0;        // events that were lost and counted by the recorder
  std::uint64_t unresolved = 0;  // accesses at a site that no table has, or of memory that there cannot be: left out
  std::uint64_t unordered =
      0;  // sync events taken without their predecessor (a gap); > 0 lowers every finding to potential
};

// Calls each observer for every step (Stack events excepted: they are Places by then) and access, in the merged order.
// `stacks` is filled on the way.
Result<MergeSummary> merge(const trace::TraceFile& file, const Symbols& symbols, StackTable& stacks,
                           const std::vector<Observer*>& observers);

}  // namespace gordian::analysis
