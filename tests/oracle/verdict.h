// SPDX-License-Identifier: Apache-2.0
// What the race detector says of a simulated program.
#pragma once

#include <cstdint>
#include <string>

#include "analyzer/ingest/merge.h"
#include "analyzer/model/world.h"
#include "runtime/trace/decode.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/simulation.h"

namespace gordian::oracle {

constexpr std::uint64_t kPrograms = 2000;

struct Verdict {
  Races races;
  analysis::MergeSummary merge;
};

// The last observer of a merge, so that detectors see the world before each step.
class Mover : public analysis::Observer {
 public:
  explicit Mover(analysis::World& world) : world_(world) {}
  void step(const analysis::Step& step) override { world_.apply(step); }

 private:
  analysis::World& world_;
};

trace::TraceFile open(const Simulation& simulation);
Verdict detect(const trace::TraceFile& file);
// For people: what was missed, what was invented; empty if the two are equal.
std::string difference(const Races& expected, const Races& found);

}  // namespace gordian::oracle
