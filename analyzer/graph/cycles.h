// SPDX-License-Identifier: Apache-2.0
// Simple cycles, shortest first, each once, starting at its smallest node. A caller prunes paths while they grow, which
// is what keeps the search small: Goodlock's conditions (K. Havelund, SPIN 2000; Joshi et al., PLDI 2009, "iGoodlock")
// all are such conditions. Work is bounded by limits, and a search that met one says so.
//
// Only nodes of one strongly connected component are combined. Johnson's blocking (SIAM J. Comput. 4(1), 1975) is not
// used: a path that the caller's condition rejected says nothing about other paths through the same nodes.
#pragma once

#include <functional>
#include <span>

#include "analyzer/graph/digraph.h"

namespace gordian::analysis {

struct CycleLimits {
  std::size_t max_length = 6;       // nodes in a cycle
  std::size_t max_cycles = 1000;    // reported
  std::size_t max_steps = 1 << 20;  // arcs looked at
};

struct CycleSearch {
  std::size_t cycles = 0;
  std::size_t steps = 0;
  bool complete = true;  // no limit but max_length cut the search
};

// May `next` follow the path? Called for nodes that are not on the path yet.
using MayExtend = std::function<bool(std::span<const Node> path, Node next)>;
// A cycle: each node has an arc to the next one, the last one to the first. Returns whether it counts as reported.
using OnCycle = std::function<bool(std::span<const Node> cycle)>;

CycleSearch find_cycles(const Digraph& graph, const CycleLimits& limits, const MayExtend& may_extend,
                        const OnCycle& on_cycle);

}  // namespace gordian::analysis
