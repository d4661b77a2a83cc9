// SPDX-License-Identifier: Apache-2.0
// Which edges are given to the layout backwards: the second half of each cycle, and no others.
#include "analyzer/drawing/fold.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gordian::analysis::drawing {
namespace {

Sketch graph(std::size_t nodes, const std::vector<std::pair<std::size_t, std::size_t>>& edges) {
  Sketch sketch;
  sketch.nodes.resize(nodes);
  for (const auto& [from, to] : edges) sketch.edges.push_back({.from = from, .to = to, .guilty = true});
  return sketch;
}

std::vector<bool> folded(Sketch sketch) {
  fold_cycles(sketch);
  std::vector<bool> answer;
  for (const SketchEdge& edge : sketch.edges) answer.push_back(edge.folded);
  return answer;
}

TEST(Fold, HalvesARing) {
  EXPECT_EQ(folded(graph(4, {{0, 1}, {1, 2}, {2, 3}, {3, 0}})), (std::vector<bool>{false, false, true, true}));
  EXPECT_EQ(folded(graph(3, {{0, 1}, {1, 2}, {2, 0}})), (std::vector<bool>{false, false, true}));
  EXPECT_EQ(folded(graph(2, {{0, 1}, {1, 0}})), (std::vector<bool>{false, true}));
}

TEST(Fold, LeavesAChainAndItsDeadEndsAlone) {
  EXPECT_EQ(folded(graph(4, {{0, 1}, {1, 2}, {1, 3}})), (std::vector<bool>{false, false, false}));
}

TEST(Fold, FoldsOnlyTheBranchThatReturns) {
  // 0 waits in select 1: branch 2 ends, branch 3 goes back by 4 and 5; of those five edges the last two are folded.
  EXPECT_EQ(folded(graph(6, {{0, 1}, {1, 2}, {1, 3}, {3, 4}, {4, 5}, {5, 0}})),
            (std::vector<bool>{false, false, false, false, true, true}));
}

TEST(Fold, NeverTouchesInnocentEdges) {
  Sketch sketch = graph(2, {{0, 1}, {1, 0}});
  for (SketchEdge& edge : sketch.edges) edge.guilty = false;
  EXPECT_EQ(folded(sketch), (std::vector<bool>{false, false}));
}

TEST(Fold, WithoutBackEdgesNoCycleIsLeft) {
  // Two rings that share node 0: what remains must be acyclic in the drawn direction.
  Sketch sketch = graph(5, {{0, 1}, {1, 2}, {2, 0}, {0, 3}, {3, 4}, {4, 0}});
  fold_cycles(sketch);
  std::vector<std::size_t> indegree(5, 0);
  for (const SketchEdge& edge : sketch.edges) ++indegree[edge.folded ? edge.from : edge.to];
  std::vector<std::size_t> ready{0};
  std::size_t sorted = 0;
  EXPECT_EQ(indegree[0], 0U);
  while (!ready.empty()) {
    const std::size_t node = ready.back();
    ready.pop_back();
    ++sorted;
    for (const SketchEdge& edge : sketch.edges) {
      const std::size_t tail = edge.folded ? edge.to : edge.from;
      const std::size_t head = edge.folded ? edge.from : edge.to;
      if (tail == node && --indegree[head] == 0) ready.push_back(head);
    }
  }
  EXPECT_EQ(sorted, 5U);
}

TEST(Fold, WalksARingOfTenThousandWithoutRecursion) {
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (std::size_t i = 0; i < 10'000; ++i) edges.emplace_back(i, (i + 1) % 10'000);
  const std::vector<bool> answer = folded(graph(10'000, edges));
  EXPECT_EQ(std::count(answer.begin(), answer.end(), true), 5'000);
}

}  // namespace
}  // namespace gordian::analysis::drawing
