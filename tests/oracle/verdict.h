// SPDX-License-Identifier: Apache-2.0
// What the race detector says of a simulated program.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analyzer/ingest/merge.h"
#include "analyzer/model/world_mover.h"
#include "runtime/trace/decode.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/simulation.h"

namespace gordian::oracle {

constexpr std::uint64_t kPrograms = 2000;

struct Verdict {
  Races races;
  Races tidy_races;     // of the same detector if it keeps no step that a history takes and leaves nothing lying
  Races second_look;    // of one that looks only at what a first look suspects
  Races of_footprints;  // the same, if the first look was told only of footprints
  analysis::MergeSummary merge;
  std::vector<Written> order;  // of the merge
};

// Any observer of the merge: what it was shown.
class OrderOfMerge : public analysis::Observer {
 public:
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const analysis::Access& access) override {
    written.push_back({access.stream.value, true, accesses_[access.stream.value]++});
  }
  void step(const analysis::Step& step) override { written.push_back({step.stream.value, false, step.ordinal}); }
  std::vector<Written> written;

 private:
  std::map<std::uint32_t, std::uint64_t> accesses_;
};

trace::TraceFile open(const Simulation& simulation);
Verdict detect(const trace::TraceFile& file);
// In the order of the merge: which of two unordered operations came first decides what an end of memory forgets.
std::vector<Operation> program_of(const Simulation& simulation, const std::vector<Written>& order);
// For people: what was missed, what was invented; empty if it fits.
std::string difference(const ExpectedRaces& expected, const Races& found);

}  // namespace gordian::oracle
