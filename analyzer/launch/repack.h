// SPDX-License-Identifier: Apache-2.0
// Writes a trace anew in as little room as it can take: for archives, where recording had no time for it.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

// What the trace says is the same, whole chunks of a damaged one included. `output` is replaced if it is a trace, and
// gone if it could not be written. Returns how many bytes long it is.
Result<std::uint64_t> repack(const trace::TraceFile& file, const std::string& output);

}  // namespace gordian::analysis
