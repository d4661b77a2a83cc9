// SPDX-License-Identifier: Apache-2.0
// From cycle counts to nanoseconds, calibrated by the pairs (cycles, monotonic time) that the file and its chunks
// carry.
#pragma once

#include <cstdint>

#include "runtime/trace/decode.h"

namespace gordian::analysis {

struct TimeBase {
  double ns_per_cycle = 0;       // 0 = unknown
  std::uint64_t end_cycles = 0;  // the latest that any chunk tells

  [[nodiscard]] std::uint64_t ns_between(std::uint64_t earlier, std::uint64_t later) const {
    return later > earlier ? static_cast<std::uint64_t>(static_cast<double>(later - earlier) * ns_per_cycle) : 0;
  }
};

TimeBase time_base(const trace::TraceFile& file);

}  // namespace gordian::analysis
