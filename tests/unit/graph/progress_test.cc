// SPDX-License-Identifier: Apache-2.0
// The worklist against rounds of the definition, and against the textbook: cycles for AND waits, knots for OR waits.
#include "analyzer/graph/progress.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/graph/random_graph.h"

namespace gordian::analysis {
namespace {

// Least fixpoint by definition: rounds over all nodes until nothing changes.
std::vector<bool> by_rounds(const Digraph& graph, const std::vector<Need>& needs) {
  std::vector<bool> proceeds(graph.node_count(), false);
  for (bool changed = true; changed;) {
    changed = false;
    for (Node node = 0; node < graph.node_count(); ++node) {
      const auto row = graph.successors(node);
      const auto does = [&](Node provider) { return proceeds[provider]; };
      const bool now = needs[node] == Need::all ? std::all_of(row.begin(), row.end(), does)
                                                : std::any_of(row.begin(), row.end(), does);
      changed = changed || now != proceeds[node];
      proceeds[node] = now;
    }
  }
  return proceeds;
}

TEST(Progress, EqualsRoundsOfTheDefinition) {
  std::mt19937 random(8);
  for (int round = 0; round < 5000; ++round) {
    const Digraph graph = random_graph(random, 10);
    std::vector<Need> needs(graph.node_count());
    for (Need& need : needs) {
      need = random() % 2 == 0 ? Need::all : Need::any;
    }
    EXPECT_EQ(can_proceed(graph, needs), by_rounds(graph, needs));
  }
}

TEST(Progress, AndWaitsAreStuckIffTheyLeadToACycle) {
  std::mt19937 random(9);
  for (int round = 0; round < 3000; ++round) {
    const Digraph graph = random_graph(random, 8);
    const auto leads = closure(graph);
    const auto proceeds = can_proceed(graph, std::vector<Need>(graph.node_count(), Need::all));
    for (Node node = 0; node < graph.node_count(); ++node) {
      bool meets_cycle = leads[node][node];
      for (Node other = 0; other < graph.node_count(); ++other) {
        meets_cycle = meets_cycle || (leads[node][other] && leads[other][other]);
      }
      EXPECT_EQ(proceeds[node], !meets_cycle);
    }
  }
}

TEST(Progress, OrWaitsAreStuckIffNoRunnableNodeIsReachable) {
  std::mt19937 random(10);
  for (int round = 0; round < 3000; ++round) {
    const Digraph graph = random_graph(random, 8);
    std::vector<Need> needs(graph.node_count(), Need::any);
    for (Node node = 0; node < graph.node_count(); ++node) {
      if (graph.successors(node).empty() && random() % 2 == 0) {
        needs[node] = Need::all;  // runnable: needs nothing
      }
    }
    const auto leads = closure(graph);
    const auto proceeds = can_proceed(graph, needs);
    for (Node node = 0; node < graph.node_count(); ++node) {
      bool meets_runnable = needs[node] == Need::all;
      for (Node other = 0; other < graph.node_count(); ++other) {
        meets_runnable = meets_runnable || (leads[node][other] && needs[other] == Need::all);
      }
      EXPECT_EQ(proceeds[node], meets_runnable);
    }
  }
}

}  // namespace
}  // namespace gordian::analysis
