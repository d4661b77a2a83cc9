// SPDX-License-Identifier: Apache-2.0
// The text twin of a trace: one line per event, access record and table entry, chunk borders included, for people and
// for tests that want to write a trace by hand. What to_text() writes, from_text() reads back into the same trace,
// except for compression, padding and skippable events of later versions.
//
//   chunk sync stream=1 sequence=0 actor=0 ordinal=0 cycles=0 ns=0
//     thread-start actor=1 tid=100
//     go site=2 child=2 ordinal=1
//   chunk access stream=1 sequence=0 actor=1 ordinal=2 cycles=0 ns=0
//     marker 2
//     stack pop=all push=[0:1 3:2]
//     access site=4 address=0x7f10
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::trace {

struct TextOptions {
  // For comparing runs: addresses become ordinals (@1, @2, ... as they appear), and what differs from run to run is
  // left out: pids, clocks, stripes. Cannot be read back.
  bool canonical = false;
};

Result<void> to_text(const TraceFile& file, std::ostream& out, const TextOptions& options = {});

// The bytes of the trace file. An Error names the line.
Result<std::vector<std::uint8_t>> from_text(std::string_view text, const std::string& name);

}  // namespace gordian::trace
