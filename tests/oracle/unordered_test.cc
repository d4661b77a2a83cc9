// SPDX-License-Identifier: Apache-2.0
// Misuse that only luck prevented, against the definition: the same objects, on 2,000 random programs.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "analyzer/detect/races.h"
#include "analyzer/detect/unordered_misuse.h"
#include "analyzer/ingest/merge.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/simulation.h"
#include "tests/oracle/verdict.h"

namespace gordian::oracle {
namespace {

using Objects = std::set<std::uint64_t>;

struct Answer {
  std::vector<analysis::Finding> findings;
  Objects struck;  // a panic tells of them
  std::vector<Written> order;
  bool had_candidates = false;
};

Answer misuses(const Simulation& simulation) {
  const trace::TraceFile file = open(simulation);
  const auto symbols = analysis::Symbols::read(file);
  EXPECT_TRUE(symbols);
  analysis::World world;
  analysis::StackTable stacks;
  analysis::ObjectNames names(*symbols, stacks);
  const analysis::Scene scene{world, *symbols, stacks, names};
  analysis::Races races(scene);
  analysis::UnorderedMisuse detector(scene, races.clocks());
  analysis::WorldMover mover(world);
  OrderOfMerge order;
  EXPECT_TRUE(analysis::merge(file, *symbols, stacks, {&detector, &races, &order, &mover}));
  Answer answer{.findings = {}, .struck = {}, .order = std::move(order.written)};
  while (analysis::Observer* second = detector.again()) {
    EXPECT_TRUE(analysis::merge(file, *symbols, stacks, {second}));
    answer.had_candidates = true;
  }
  detector.finish(answer.findings);
  for (const auto& panic : world.panics()) {
    answer.struck.insert(panic.object.value);
  }
  return answer;
}

// The same two places on several objects are one finding, which names one of them. Only who has candidates reads the
// trace a second time.
TEST(UnorderedOracle, DetectorEqualsDefinition) {
  std::uint64_t with = 0;
  std::uint64_t without = 0;
  std::uint64_t read_once = 0;
  std::uint64_t read_twice_in_vain = 0;
  for (std::uint64_t seed = 1; seed <= kPrograms; ++seed) {
    Simulation simulation(seed);
    simulation.run();
    const Answer answer = misuses(simulation);
    Objects expected;
    std::ranges::set_difference(unordered_calls_of(program_of(simulation, answer.order)), answer.struck,
                                std::inserter(expected, expected.end()));
    Objects found;
    for (const analysis::Finding& finding : answer.findings) {
      found.insert(finding.object.id.value);
    }
    ASSERT_TRUE(std::ranges::includes(expected, found)) << "seed " << seed;
    ASSERT_EQ(found.empty(), expected.empty()) << "seed " << seed;
    (expected.empty() ? without : with) += 1;
    read_once += answer.had_candidates ? 0 : 1;
    read_twice_in_vain += answer.had_candidates && expected.empty() ? 1 : 0;
  }
  EXPECT_GT(with, kPrograms / 20);
  EXPECT_GT(without, kPrograms / 20);
  EXPECT_GT(read_once, kPrograms / 20);
  EXPECT_GT(read_twice_in_vain, 0U);
}

}  // namespace
}  // namespace gordian::oracle
