// SPDX-License-Identifier: Apache-2.0
// The whole analysis of one trace: tables, merge, world, every detector, one sorted list of findings. The only entrance
// that reports, drawings and the command use.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/ingest/merge.h"
#include "analyzer/ingest/symbols.h"
#include "analyzer/model/place.h"
#include "analyzer/model/world.h"
#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

struct AnalyzeOptions {
  bool races = true;
  bool lock_orders = true;
  bool waits = true;  // deadlocks, stuck and leaked goroutines
  bool misuse = true;
};

// What the analysis could and could not see.
struct Coverage {
  std::uint64_t actors = 0;
  std::uint64_t objects = 0;
  std::uint64_t functions = 0;     // instrumented; 0 = nothing was instrumented, so no race can be seen
  std::uint64_t lost_sync = 0;     // events; > 0 makes every finding potential
  std::uint64_t lost_access = 0;   // access words
  std::optional<Error> truncated;  // the trace ends early: where and why
};

struct Analysis {
  std::vector<Finding> findings;  // by kind, then place: the same order for the same trace
  MergeSummary merge;
  Coverage coverage;
  Symbols symbols;
  StackTable stacks;
  World world;  // the final state: who still waits for what
};

Result<Analysis> analyze(const trace::TraceFile& file, const AnalyzeOptions& options = {});

}  // namespace gordian::analysis
