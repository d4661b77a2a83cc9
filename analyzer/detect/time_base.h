// SPDX-License-Identifier: Apache-2.0
// From cycle counts to nanoseconds, calibrated by the pairs (cycles, monotonic time) that the file and its chunks
// carry.
#pragma once

#include <cstdint>

#include "runtime/trace/decode.h"

namespace gordian::analysis {

struct TimeBase {
  static constexpr double kTooLong = 0x1p64;  // damaged traces tell of times that do not fit

  double ns_per_cycle = 0;         // 0 = unknown
  std::uint64_t end_cycles = 0;    // the latest that any chunk tells
  std::uint64_t elapsed_ns = 0;    // from the start of the recording to the latest chunk
  std::uint64_t stored_bytes = 0;  // of all chunks

  [[nodiscard]] std::uint64_t ns_between(std::uint64_t earlier, std::uint64_t later) const {
    const double ns = later > earlier ? static_cast<double>(later - earlier) * ns_per_cycle : 0;
    return ns < kTooLong ? static_cast<std::uint64_t>(ns) : ~std::uint64_t{0};
  }
};

TimeBase time_base(const trace::TraceFile& file);

}  // namespace gordian::analysis
