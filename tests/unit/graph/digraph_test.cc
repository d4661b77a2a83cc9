// SPDX-License-Identifier: Apache-2.0
// Rows keep the order and number of the arcs; reachability equals the transitive closure.
#include "analyzer/graph/digraph.h"

#include <gtest/gtest.h>

#include "tests/unit/graph/random_graph.h"

namespace gordian::analysis {
namespace {

TEST(Digraph, KeepsParallelArcsInOrder) {
  const Digraph graph(4, std::vector<Arc>{{1, 3}, {1, 0}, {1, 3}, {3, 3}});
  EXPECT_EQ(std::vector<Node>(graph.successors(1).begin(), graph.successors(1).end()), (std::vector<Node>{3, 0, 3}));
  EXPECT_TRUE(graph.successors(0).empty());
  EXPECT_EQ(graph.arc_count(), 4U);
  EXPECT_TRUE(graph.has_arc(3, 3));
  EXPECT_FALSE(graph.has_arc(0, 1));
}

TEST(Digraph, EmptyGraphHasNoNodes) {
  EXPECT_EQ(Digraph().node_count(), 0U);
  EXPECT_EQ(Digraph(0, {}).reversed().node_count(), 0U);
}

TEST(Digraph, ReversedAndRestrictedMatchTheirDefinition) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    const Digraph graph = random_graph(random, 8);
    const Digraph reversed = graph.reversed();
    std::vector<bool> keep(graph.node_count());
    for (Node node = 0; node < graph.node_count(); ++node) {
      keep[node] = random() % 2 == 0;
    }
    const Digraph restricted = graph.restricted(keep);
    for (Node a = 0; a < graph.node_count(); ++a) {
      for (Node b = 0; b < graph.node_count(); ++b) {
        EXPECT_EQ(graph.has_arc(a, b), reversed.has_arc(b, a));
        EXPECT_EQ(restricted.has_arc(a, b), graph.has_arc(a, b) && keep[a] && keep[b]);
      }
    }
  }
}

TEST(Digraph, ReachableEqualsClosure) {
  std::mt19937 random(2);
  for (int round = 0; round < 2000; ++round) {
    const Digraph graph = random_graph(random, 8);
    const auto leads = closure(graph);
    const Node root = static_cast<Node>(random() % graph.node_count());
    const auto seen = reachable(graph, std::vector<Node>{root});
    for (Node node = 0; node < graph.node_count(); ++node) {
      EXPECT_EQ(seen[node], node == root || leads[root][node]);
    }
  }
}

}  // namespace
}  // namespace gordian::analysis
