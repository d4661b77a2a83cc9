// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/analyze.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "analyzer/detect/contention.h"
#include "analyzer/detect/deadlock.h"
#include "analyzer/detect/detector.h"
#include "analyzer/detect/lock_order.h"
#include "analyzer/detect/misuse.h"
#include "analyzer/detect/races.h"
#include "analyzer/detect/tell_apart.h"
#include "analyzer/detect/unfinished.h"
#include "analyzer/detect/unordered_misuse.h"
#include "analyzer/detect/waits.h"
#include "analyzer/finding/finding_id.h"
#include "analyzer/model/world_mover.h"

namespace gordian::analysis {
namespace {

// A lost synchronisation event may have been the very edge that a finding says is missing.
void lower_certainty(std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    finding.certainty = Certainty::potential;
  }
}

// Where the trace was cut off, a wake-up may have followed.
void lower_certainty_of_waits(std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    const FindingKind kind = finding.kind;
    if (kind == FindingKind::Deadlock || kind == FindingKind::StuckGoroutine || kind == FindingKind::LeakedGoroutine ||
        kind == FindingKind::LostWakeup || (kind == FindingKind::Starvation && finding.subkind == "never-served")) {
      finding.certainty = Certainty::potential;
    }
  }
}

// By the bytes: each plain access has eight, and of what tells of many at once there is little in any trace.
Races::Told told_of(const trace::TraceFile& file) {
  constexpr std::uint64_t kMany = 64;  // bytes of access records for each byte of synchronisation
  std::uint64_t sync = 0;
  std::uint64_t accesses = 0;
  for (const trace::TraceFile::ChunkRef& chunk : file.chunks()) {
    sync += chunk.header.family == trace::Family::sync ? chunk.header.raw_bytes : 0;
    accesses += chunk.header.family == trace::Family::access ? chunk.header.raw_bytes : 0;
  }
  return accesses / kMany >= sync ? Races::Told::footprints : Races::Told::accesses;
}

std::vector<std::unique_ptr<Detector>> make_detectors(const AnalyzeOptions& options, const Scene& scene,
                                                      Races::Told told) {
  std::vector<std::unique_ptr<Detector>> detectors;
  auto races = std::make_unique<Races>(scene, options.memory, told);
  detectors.push_back(std::make_unique<UnorderedMisuse>(scene, races->clocks()));  // before they move on
  detectors.push_back(std::move(races));
  detectors.push_back(std::make_unique<Deadlock>(scene));
  detectors.push_back(std::make_unique<LockOrder>(scene));  // after the deadlocks: what hung is not also a prediction
  detectors.push_back(std::make_unique<Misuse>(scene));
  detectors.push_back(std::make_unique<Livelock>(scene, options.livelock_rounds));
  return detectors;
}

// Shows the trace again for as long as a detector asks for it.
Result<void> show_again(const trace::TraceFile& file, Analysis& analysis,
                        const std::vector<std::unique_ptr<Detector>>& detectors) {
  for (;;) {
    std::vector<Observer*> observers;
    for (const auto& detector : detectors) {
      if (Observer* observer = detector->again()) {
        observers.push_back(observer);
      }
    }
    if (observers.empty()) {
      return {};
    }
    if (const Result<MergeSummary> summary = merge(file, analysis.symbols, analysis.stacks, observers); !summary) {
      return summary.error();
    }
  }
}

// The totals of an end chunk count what no Loss event could be written for; a trace without one has only those events.
void cover(const trace::TraceFile& file, Analysis& analysis) {
  const auto& actors = analysis.world.actors();
  Coverage& coverage = analysis.coverage;
  coverage.actors = actors.size();
  coverage.threads = static_cast<std::uint64_t>(std::count_if(
      actors.begin(), actors.end(), [](const auto& actor) { return actor.second.is_thread && actor.first != kMain; }));
  coverage.objects = analysis.world.objects().size();
  coverage.functions = analysis.symbols.function_count();
  coverage.left_out += analysis.merge.unresolved;
  coverage.lost_sync = analysis.world.lost_sync();
  coverage.lost_access = analysis.merge.lost - std::min(analysis.merge.lost, coverage.lost_sync);
  if (file.end()) {
    coverage.lost_sync = std::max(coverage.lost_sync, file.end()->lost_sync);
    coverage.lost_access = std::max(coverage.lost_access, file.end()->lost_access);
  }
  coverage.truncated = file.truncated();
}

}  // namespace

Result<Analysis> analyze(const trace::TraceFile& file, const AnalyzeOptions& options) {
  Result<Symbols> symbols = Symbols::read(file);
  if (!symbols) {
    return symbols.error();
  }
  Analysis analysis;
  analysis.symbols = std::move(*symbols);
  ObjectNames names(analysis.symbols, analysis.stacks);
  const Scene scene{analysis.world, analysis.symbols, analysis.stacks, names, time_base(file)};
  std::vector<std::unique_ptr<Detector>> detectors = make_detectors(options, scene, told_of(file));
  auto figures = std::make_unique<ContentionFigures>(scene, options.starvation);
  const ContentionFigures& contention = *figures;
  detectors.push_back(std::move(figures));
  WorldMover mover(analysis.world);
  std::vector<Observer*> observers;
  observers.reserve(detectors.size() + 2);
  for (const auto& detector : detectors) {
    observers.push_back(detector.get());
  }
  observers.push_back(&names);
  observers.push_back(&mover);

  Result<MergeSummary> summary = merge(file, analysis.symbols, analysis.stacks, observers);
  if (!summary) {
    return summary.error();
  }
  analysis.merge = *summary;
  if (Result<void> again = show_again(file, analysis, detectors); !again) {
    return again.error();
  }
  for (const auto& detector : detectors) {
    detector->finish(analysis.findings);
    detector->admit(analysis.coverage);
  }
  analysis.contention = contention.figures();
  cover(file, analysis);
  const Coverage& coverage = analysis.coverage;
  if (coverage.lost_sync > 0 || analysis.merge.unordered > 0) {
    lower_certainty(analysis.findings);
  } else if (coverage.truncated) {
    lower_certainty_of_waits(analysis.findings);
  }
  analysis.unfinished = unfinished_actors(scene);
  sort_and_name(analysis.findings);
  std::for_each(analysis.findings.begin(), analysis.findings.end(), tell_apart);
  return analysis;
}

Result<std::vector<Contention>> contention_of(const trace::TraceFile& file) {
  const Result<Symbols> symbols = Symbols::read(file);
  if (!symbols) {
    return symbols.error();
  }
  World world;
  StackTable stacks;
  ObjectNames names(*symbols, stacks);
  ContentionFigures figures(Scene{world, *symbols, stacks, names, time_base(file)}, {});
  WorldMover mover(world);
  if (const Result<MergeSummary> merged = merge(file, *symbols, stacks, {&figures, &names, &mover}); !merged) {
    return merged.error();
  }
  std::vector<Finding> starved;  // analyze() tells them
  figures.finish(starved);
  return figures.figures();
}

}  // namespace gordian::analysis
