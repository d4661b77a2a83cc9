// SPDX-License-Identifier: Apache-2.0
// The search against all subsets in all orders; pruning against filtering afterwards; limits are met and said.
#include "analyzer/graph/cycles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/unit/graph/random_graph.h"

namespace gordian::analysis {
namespace {

using Cycle = std::vector<Node>;

const MayExtend kAlways = [](std::span<const Node>, Node) { return true; };

std::vector<Cycle> found_cycles(const Digraph& graph, std::size_t max_length, const MayExtend& may_extend) {
  std::vector<Cycle> cycles;
  const CycleLimits limits{.max_length = max_length, .max_cycles = ~std::size_t{0}, .max_steps = ~std::size_t{0}};
  const CycleSearch search = find_cycles(graph, limits, may_extend, [&](std::span<const Node> cycle) {
    cycles.emplace_back(cycle.begin(), cycle.end());
    return true;
  });
  EXPECT_TRUE(search.complete);
  EXPECT_EQ(search.cycles, cycles.size());
  return cycles;
}

// Every sequence of distinct nodes, tried by definition.
void all_cycles(const Digraph& graph, std::size_t max_length, Cycle& path, std::set<Cycle>& cycles) {
  if (!path.empty() && graph.has_arc(path.back(), path.front())) {
    cycles.insert(path);
  }
  if (path.size() == max_length) {
    return;
  }
  for (Node next = 0; next < graph.node_count(); ++next) {
    const bool fresh = std::find(path.begin(), path.end(), next) == path.end();
    if (path.empty() || (fresh && next > path.front() && graph.has_arc(path.back(), next))) {
      path.push_back(next);
      all_cycles(graph, max_length, path, cycles);
      path.pop_back();
    }
  }
}

TEST(Cycles, EqualsExhaustiveEnumeration) {
  std::mt19937 random(6);
  std::size_t total = 0;
  for (int round = 0; round < 3000; ++round) {
    const Digraph graph = random_graph(random, 7);
    const std::size_t max_length = 1 + random() % 7;
    std::set<Cycle> expected;
    Cycle path;
    all_cycles(graph, max_length, path, expected);
    const auto found = found_cycles(graph, max_length, kAlways);
    EXPECT_EQ(std::set<Cycle>(found.begin(), found.end()), expected);
    EXPECT_EQ(found.size(), expected.size()) << "each once";
    EXPECT_TRUE(
        std::is_sorted(found.begin(), found.end(), [](const Cycle& a, const Cycle& b) { return a.size() < b.size(); }));
    total += found.size();
  }
  EXPECT_GT(total, 3000U);
}

TEST(Cycles, PruningEqualsFilteringAfterwards) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    const Digraph graph = random_graph(random, 7);
    // Nodes carry colours; no two nodes of a path may share one, as with threads.
    std::vector<unsigned> colour(graph.node_count());
    for (unsigned& c : colour) {
      c = static_cast<unsigned>(random() % 4);
    }
    const auto differ = [&](std::span<const Node> path, Node next) {
      return std::none_of(path.begin(), path.end(), [&](Node node) { return colour[node] == colour[next]; });
    };
    std::vector<Cycle> expected = found_cycles(graph, 7, kAlways);
    std::erase_if(expected, [&](const Cycle& cycle) {
      std::set<unsigned> colours;
      for (const Node node : cycle) {
        colours.insert(colour[node]);
      }
      return colours.size() < cycle.size();
    });
    EXPECT_EQ(found_cycles(graph, 7, differ), expected);
  }
}

Digraph complete_graph(Node nodes) {
  std::vector<Arc> arcs;
  for (Node a = 0; a < nodes; ++a) {
    for (Node b = 0; b < nodes; ++b) {
      arcs.push_back({a, b});
    }
  }
  return Digraph(nodes, arcs);
}

TEST(Cycles, LimitsCutTheLongCyclesAndAreSaid) {
  const Digraph graph = complete_graph(12);
  std::size_t longest = 0;
  const auto count = [&](std::span<const Node> cycle) {
    longest = std::max(longest, cycle.size());
    return true;
  };
  const CycleSearch few =
      find_cycles(graph, {.max_length = 12, .max_cycles = 70, .max_steps = 1 << 20}, kAlways, count);
  EXPECT_EQ(few.cycles, 70U);
  EXPECT_FALSE(few.complete);
  EXPECT_EQ(longest, 2U) << "12 of length 1 and 66 of length 2 come first";
  const CycleSearch short_search =
      find_cycles(graph, {.max_length = 12, .max_cycles = 1 << 20, .max_steps = 1000}, kAlways, count);
  EXPECT_FALSE(short_search.complete);
  EXPECT_EQ(short_search.steps, 1000U);
}

TEST(Cycles, WhatTheCallerRejectsDoesNotCount) {
  const CycleSearch search = find_cycles(complete_graph(4), {.max_length = 4, .max_cycles = 1, .max_steps = 1 << 20},
                                         kAlways, [](std::span<const Node>) { return false; });
  EXPECT_EQ(search.cycles, 0U);
  EXPECT_TRUE(search.complete);
}

}  // namespace
}  // namespace gordian::analysis
