// SPDX-License-Identifier: Apache-2.0
#include "tests/oracle/verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "analyzer/detect/happens_before.h"
#include "analyzer/model/access_history.h"
#include "analyzer/model/suspect_finder.h"
#include "analyzer/model/suspect_history.h"

namespace gordian::oracle {
namespace {

constexpr std::uint64_t kBudget = std::uint64_t{1} << 30;
// So that numbers change often, and pages need cells soon.
constexpr analysis::SuspectFinder::Limits kFew{.few_spans = 2, .times = 2, .spread_marks = 0};
// Or rather late.
constexpr analysis::SuspectFinder::Limits kFewSpans{.few_spans = 2, .times = 2};

class Collector : public analysis::RaceSink {
 public:
  void race(const analysis::PastAccess& earlier, const analysis::PastAccess& later, std::uint64_t address,
            std::uint64_t size, std::uint8_t bytes) override {
    Bytes raced;
    for (std::uint64_t i = 0; i < size; ++i) {
      if (size > 8 || (bytes >> i & 1) != 0) {
        raced.set(address + i - kMemory);
      }
    }
    add_race(races, place(earlier), place(later), raced);
  }
  Races races;

 private:
  static SourcePlace place(const analysis::PastAccess& access) {
    return {access.function.value, access.site, access.kind, access.ends_life};
  }
};

// Tells the detector which frees end a life, and of how much memory: the caller's part of its contract.
class WithEnds : public analysis::Observer {
 public:
  enum class Told { accesses, footprints };
  explicit WithEnds(analysis::HappensBefore& detector, Told told = Told::accesses) : detector_(detector), told_(told) {}

  [[nodiscard]] bool wants_accesses() const override { return true; }
  [[nodiscard]] bool wants_footprints() const override { return told_ == Told::footprints; }
  void footprint(const analysis::Footprint& footprint) override { detector_.footprint(footprint); }
  void access(const analysis::Access& access) override { detector_.access(access); }
  void step(const analysis::Step& step) override {
    if (const auto* alloc = std::get_if<trace::Alloc>(&step.event)) {
      asked_[alloc->address] = alloc->size;
    }
    const auto* free = std::get_if<trace::Free>(&step.event);
    if (free == nullptr || step.place.site != kFreeCall) {
      return detector_.step(step);
    }
    const auto asked = asked_.find(free->address);
    detector_.end_life(step, *free, asked != asked_.end() ? std::min(asked->second, free->size) : free->size);
    asked_.erase(free->address);
  }

 private:
  analysis::HappensBefore& detector_;
  const Told told_;
  std::map<std::uint64_t, std::uint64_t> asked_;  // bytes of each block that lives
};

}  // namespace

trace::TraceFile open(const Simulation& simulation) {
  auto file = trace::TraceFile::from_bytes(simulation.trace(), "simulation");
  EXPECT_TRUE(file) << file.error().what;
  return std::move(*file);
}

namespace {

Races look_again(const trace::TraceFile& file, const analysis::Symbols& symbols, const analysis::Suspects& suspects) {
  analysis::StackTable stacks;
  analysis::World world;
  Collector collector;
  analysis::SuspectHistory history(suspects, collector, kBudget);
  analysis::HappensBefore detector(world, stacks, history);
  WithEnds with_ends(detector);
  analysis::WorldMover mover(world);
  EXPECT_TRUE(analysis::merge(file, symbols, stacks, {&with_ends, &mover}));
  return std::move(collector.races);
}

Races of_footprints(const trace::TraceFile& file, const analysis::Symbols& symbols) {
  analysis::StackTable stacks;
  analysis::World world;
  analysis::SuspectFinder suspects(kBudget, kFewSpans);
  analysis::HappensBefore first_look(world, stacks, suspects);
  WithEnds with_ends(first_look, WithEnds::Told::footprints);
  analysis::WorldMover mover(world);
  EXPECT_TRUE(analysis::merge(file, symbols, stacks, {&with_ends, &mover}));
  EXPECT_EQ(first_look.left_out(), 0U);
  return look_again(file, symbols, suspects.sorted_suspects());
}

}  // namespace

Verdict detect(const trace::TraceFile& file) {
  auto symbols = analysis::Symbols::read(file);
  EXPECT_TRUE(symbols) << symbols.error().what;
  analysis::StackTable stacks;
  analysis::World world;
  Collector collector;
  analysis::AccessHistory history(collector, kBudget);
  analysis::HappensBefore detector(world, stacks, history);
  WithEnds with_ends(detector);
  Collector tidy_collector;
  analysis::AccessHistory tidy_history(tidy_collector, kBudget, {.freed = 0, .shared = 0});
  analysis::HappensBefore tidy_detector(world, stacks, tidy_history);
  WithEnds tidy_with_ends(tidy_detector);
  analysis::SuspectFinder suspects(kBudget, kFew);
  analysis::HappensBefore first_look(world, stacks, suspects);
  WithEnds first_with_ends(first_look);
  OrderOfMerge order;
  analysis::WorldMover mover(world);
  auto summary =
      analysis::merge(file, *symbols, stacks, {&with_ends, &tidy_with_ends, &first_with_ends, &order, &mover});
  EXPECT_TRUE(summary) << summary.error().what << " at " << summary.error().where;
  EXPECT_EQ(detector.left_out() + history.left_out() + suspects.left_out(), 0U);
  return {std::move(collector.races),
          std::move(tidy_collector.races),
          look_again(file, *symbols, suspects.sorted_suspects()),
          of_footprints(file, *symbols),
          summary ? *summary : analysis::MergeSummary{},
          std::move(order.written)};
}

std::vector<Operation> program_of(const Simulation& simulation, const std::vector<Written>& order) {
  std::vector<Operation> program = in_order(simulation.program(), order);
  EXPECT_EQ(program.size(), simulation.program().size());
  return program;
}

std::string difference(const ExpectedRaces& expected, const Races& found) {
  std::string text;
  const auto list = [&](const char* title, const Races& all, const Races& without) {
    for (const auto& [pair, bytes] : all) {
      const auto other = without.find(pair);
      const Bytes missing = other == without.end() ? bytes : bytes & ~other->second;
      if (missing.any()) {
        text += std::string(title) + " f" + std::to_string(pair.first.function) + "/" +
                std::to_string(pair.first.site) + " f" + std::to_string(pair.second.function) + "/" +
                std::to_string(pair.second.site) + " bytes " + std::to_string(missing.count()) + " from " +
                std::to_string(missing._Find_first()) + "\n";
      }
    }
  };
  list("missed", expected.certain, found);
  list("invented", found, expected.all);
  return text;
}

}  // namespace gordian::oracle
