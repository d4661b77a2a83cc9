// SPDX-License-Identifier: Apache-2.0
// The whole analysis of one trace: tables, merge, world, every detector, one sorted list of findings. The only entrance
// that reports, drawings and the command use.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/detect/coverage.h"
#include "analyzer/detect/livelock.h"
#include "analyzer/detect/starvation.h"
#include "analyzer/finding/contention.h"
#include "analyzer/finding/finding.h"
#include "analyzer/ingest/merge.h"
#include "analyzer/ingest/symbols.h"
#include "analyzer/model/place.h"
#include "analyzer/model/world.h"
#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

struct AnalyzeOptions {
  // From where on waiting is a finding.
  StarvationLimits starvation;
  std::uint64_t livelock_rounds = Livelock::kRounds;
  // Bytes in which accesses are remembered, about; what has no room is left out and counted. 0: half of what the
  // process may have.
  std::uint64_t memory = 0;
};

struct Analysis {
  std::vector<Finding> findings;       // by kind, then place: the same order for the same trace
  std::vector<ActorRef> unfinished;    // unfinished.h
  std::vector<Contention> contention;  // of each lock and channel that was waited for, the longest waits first
  MergeSummary merge;
  Coverage coverage;
  Symbols symbols;
  StackTable stacks;
  World world;  // the final state: who still waits for what
};

Result<Analysis> analyze(const trace::TraceFile& file, const AnalyzeOptions& options = {});

// Only the figures, as in Analysis: a fraction of the work.
Result<std::vector<Contention>> contention_of(const trace::TraceFile& file);

}  // namespace gordian::analysis
