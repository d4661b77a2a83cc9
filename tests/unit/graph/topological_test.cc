// SPDX-License-Identifier: Apache-2.0
// An order exists iff no node leads to itself, and then it respects every arc and is the smallest such order.
#include "analyzer/graph/topological.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/unit/graph/random_graph.h"

namespace gordian::analysis {
namespace {

bool respects(const Digraph& graph, const std::vector<Node>& order) {
  std::vector<std::size_t> position(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    position[order[i]] = i;
  }
  for (Node node = 0; node < graph.node_count(); ++node) {
    for (const Node successor : graph.successors(node)) {
      if (position[node] >= position[successor]) {
        return false;
      }
    }
  }
  return true;
}

TEST(Topological, EqualsFirstPermutationThatRespectsTheArcs) {
  std::mt19937 random(5);
  int with_order = 0;
  for (int round = 0; round < 2000; ++round) {
    const Digraph graph = random_graph(random, 6);
    std::vector<Node> permutation(graph.node_count());
    std::iota(permutation.begin(), permutation.end(), 0);
    bool found = respects(graph, permutation);
    while (!found && std::next_permutation(permutation.begin(), permutation.end())) {
      found = respects(graph, permutation);
    }
    const auto order = topological_order(graph);
    ASSERT_EQ(order.has_value(), found);
    if (found) {
      EXPECT_EQ(*order, permutation);
      ++with_order;
    }
  }
  EXPECT_GT(with_order, 200);
}

}  // namespace
}  // namespace gordian::analysis
