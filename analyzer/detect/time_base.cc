// SPDX-License-Identifier: Apache-2.0
// The longest distance between two pairs gives the ratio.
#include "analyzer/detect/time_base.h"

#include <algorithm>

namespace gordian::analysis {

TimeBase time_base(const trace::TraceFile& file) {
  constexpr std::uint64_t kTooShortNs = 10'000;  // the two clocks are not read at the same instant
  const trace::FileHeader& start = file.header();
  TimeBase base;
  for (const trace::TraceFile::ChunkRef& ref : file.chunks()) {
    base.end_cycles = std::max(base.end_cycles, ref.header.cycles);
    base.stored_bytes += ref.header.stored_bytes;
    if (ref.header.monotonic_ns <= start.start_monotonic_ns || ref.header.cycles <= start.start_cycles) {
      continue;
    }
    const std::uint64_t elapsed = ref.header.monotonic_ns - start.start_monotonic_ns;
    if (elapsed > std::max(base.elapsed_ns, kTooShortNs)) {
      base.elapsed_ns = elapsed;
      base.ns_per_cycle = static_cast<double>(elapsed) / static_cast<double>(ref.header.cycles - start.start_cycles);
    }
  }
  return base;
}

}  // namespace gordian::analysis
