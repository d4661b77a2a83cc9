// SPDX-License-Identifier: Apache-2.0
// "Can it ever proceed?" over waits that need all of their providers (AND) or any of them (OR). Least fixpoint by a
// worklist of counters, linear in nodes and arcs (W. F. Dowling and J. H. Gallier, "Linear-time algorithms for testing
// the satisfiability of propositional Horn formulae", J. Logic Programming 1(3), 1984). With AND waits alone the nodes
// left over contain a cycle; with OR waits alone they contain a knot (R. C. Holt, "Some deadlock properties of computer
// systems", ACM Computing Surveys 4(3), 1972).
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/graph/digraph.h"

namespace gordian::analysis {

enum class Need : std::uint8_t {
  all,  // proceeds once all successors do; without successors at once
  any,  // proceeds once one successor does; without successors never
};

// `needs[node]` says how the node depends on its successors. Returns which nodes proceed in the least fixpoint.
std::vector<bool> can_proceed(const Digraph& graph, const std::vector<Need>& needs);

}  // namespace gordian::analysis
