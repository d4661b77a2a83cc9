// SPDX-License-Identifier: Apache-2.0
// Topological order after A. B. Kahn, "Topological sorting of large networks", CACM 5(11), 1962. Among the nodes that
// are free, the smallest comes first, so that equal graphs give equal orders.
#pragma once

#include <optional>
#include <vector>

#include "analyzer/graph/digraph.h"

namespace gordian::analysis {

// Every node once, each before its successors; nullopt if the graph has a cycle. O(arcs + nodes log nodes).
std::optional<std::vector<Node>> topological_order(const Digraph& graph);

}  // namespace gordian::analysis
