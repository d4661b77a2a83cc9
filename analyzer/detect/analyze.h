// SPDX-License-Identifier: Apache-2.0
// The whole analysis of one trace: tables, merge, world, every detector, one sorted list of findings. The only entrance
// that reports, drawings and the command use.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/detect/coverage.h"
#include "analyzer/finding/finding.h"
#include "analyzer/ingest/merge.h"
#include "analyzer/ingest/symbols.h"
#include "analyzer/model/place.h"
#include "analyzer/model/world.h"
#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

struct Analysis {
  std::vector<Finding> findings;     // by kind, then place: the same order for the same trace
  std::vector<ActorRef> unfinished;  // unfinished.h
  MergeSummary merge;
  Coverage coverage;
  Symbols symbols;
  StackTable stacks;
  World world;  // the final state: who still waits for what
};

Result<Analysis> analyze(const trace::TraceFile& file);

}  // namespace gordian::analysis
