// SPDX-License-Identifier: Apache-2.0
#include "tests/oracle/verdict.h"

#include <gtest/gtest.h>

#include "analyzer/detect/happens_before.h"

namespace gordian::oracle {
namespace {

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
    return {access.function.value, access.site, access.kind};
  }
};

}  // namespace

trace::TraceFile open(const Simulation& simulation) {
  auto file = trace::TraceFile::from_bytes(simulation.trace(), "simulation");
  EXPECT_TRUE(file) << file.error().what;
  return std::move(*file);
}

Verdict detect(const trace::TraceFile& file) {
  auto symbols = analysis::Symbols::read(file);
  EXPECT_TRUE(symbols) << symbols.error().what;
  analysis::StackTable stacks;
  analysis::World world;
  Collector collector;
  analysis::HappensBefore detector(world, stacks, collector);
  Mover mover(world);
  auto summary = analysis::merge(file, *symbols, stacks, {&detector, &mover});
  EXPECT_TRUE(summary) << summary.error().what << " at " << summary.error().where;
  return {std::move(collector.races), summary ? *summary : analysis::MergeSummary{}};
}

std::string difference(const Races& expected, const Races& found) {
  std::string text;
  const auto list = [&](const char* title, const Races& all, const Races& without) {
    for (const auto& [pair, bytes] : all) {
      const auto other = without.find(pair);
      if (other == without.end() || other->second != bytes) {
        const Bytes missing = other == without.end() ? bytes : bytes & ~other->second;
        text += std::string(title) + " f" + std::to_string(pair.first.function) + "/" +
                std::to_string(pair.first.site) + " f" + std::to_string(pair.second.function) + "/" +
                std::to_string(pair.second.site) + " bytes " + std::to_string(missing.count()) + " from " +
                std::to_string(missing._Find_first()) + "\n";
      }
    }
  };
  list("missed", expected, found);
  list("invented", found, expected);
  return text;
}

}  // namespace gordian::oracle
