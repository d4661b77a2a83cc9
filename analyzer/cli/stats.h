// SPDX-License-Identifier: Apache-2.0
// What is in a trace: bytes per family, events per kind, access records, streams and actors. Counted chunk by chunk.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::cli {

struct FamilyStats {
  std::uint64_t chunks = 0;
  std::uint64_t stored_bytes = 0;  // in the file
  std::uint64_t raw_bytes = 0;     // decompressed
};

struct TraceStats {
  std::array<FamilyStats, 5> families{};  // indexed by trace::Family
  std::map<std::string, std::uint64_t> events;
  std::map<std::string, std::uint64_t> access_records;  // by type; a plain access is a record of its own
  std::uint64_t group_records = 0;                      // those that stand for several accesses
  std::uint64_t grouped_accesses = 0;                   // or ranges, for which they stand
  std::set<std::uint32_t> streams;
  std::set<std::uint64_t> actors;
};

Result<TraceStats> collect_stats(const trace::TraceFile& file);

std::string text_of(const TraceStats& stats, const trace::TraceFile& file);

}  // namespace gordian::cli
