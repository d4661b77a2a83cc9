// SPDX-License-Identifier: Apache-2.0
// Two nodes share a component iff each leads to the other; components come sinks first; deep chains need no stack.
#include "analyzer/graph/scc.h"

#include <gtest/gtest.h>

#include "tests/unit/graph/random_graph.h"

namespace gordian::analysis {
namespace {

TEST(Scc, EqualsMutualReachability) {
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    const Digraph graph = random_graph(random, 9);
    const auto leads = closure(graph);
    const Components components = strongly_connected(graph);
    for (Node a = 0; a < graph.node_count(); ++a) {
      EXPECT_EQ(components.cyclic[components.of[a]], leads[a][a]);
      for (Node b = 0; b < graph.node_count(); ++b) {
        EXPECT_EQ(components.of[a] == components.of[b], a == b || (leads[a][b] && leads[b][a]));
        if (leads[a][b]) {
          EXPECT_GE(components.of[a], components.of[b]) << "sinks come first";
        }
      }
    }
  }
}

TEST(Scc, MembersAreAscendingAndComplete) {
  std::mt19937 random(4);
  for (int round = 0; round < 1000; ++round) {
    const Digraph graph = random_graph(random, 9);
    const Components components = strongly_connected(graph);
    std::size_t total = 0;
    for (std::uint32_t c = 0; c < components.size(); ++c) {
      EXPECT_TRUE(std::is_sorted(components.members[c].begin(), components.members[c].end()));
      for (const Node node : components.members[c]) {
        EXPECT_EQ(components.of[node], c);
      }
      total += components.members[c].size();
    }
    EXPECT_EQ(total, graph.node_count());
  }
}

TEST(Scc, LongRingIsOneComponentWithoutRecursion) {
  constexpr Node kNodes = 300000;
  std::vector<Arc> arcs;
  for (Node node = 0; node < kNodes; ++node) {
    arcs.push_back({node, (node + 1) % kNodes});
  }
  const Components components = strongly_connected(Digraph(kNodes, arcs));
  EXPECT_EQ(components.size(), 1U);
  arcs.pop_back();
  EXPECT_EQ(strongly_connected(Digraph(kNodes, arcs)).size(), kNodes);
}

}  // namespace
}  // namespace gordian::analysis
