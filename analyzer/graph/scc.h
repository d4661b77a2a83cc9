// SPDX-License-Identifier: Apache-2.0
// Strongly connected components after R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput.
// 1(2), 1972, with an explicit stack: a chain of a million waiters must not overflow ours. Linear in nodes and arcs.
//
// Components come out sinks first: an arc never leads from a lower-numbered component to a higher-numbered one.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/graph/digraph.h"

namespace gordian::analysis {

struct Components {
  std::vector<std::uint32_t> of;           // component of each node
  std::vector<std::vector<Node>> members;  // ascending within a component
  // Does the component contain a cycle: more than one node, or a node with an arc to itself.
  std::vector<bool> cyclic;

  [[nodiscard]] std::size_t size() const { return members.size(); }
};

Components strongly_connected(const Digraph& graph);

}  // namespace gordian::analysis
