// SPDX-License-Identifier: Apache-2.0
// Kahn's algorithm with a heap of free nodes.
#include "analyzer/graph/topological.h"

#include <functional>
#include <queue>

namespace gordian::analysis {

std::optional<std::vector<Node>> topological_order(const Digraph& graph) {
  std::vector<std::size_t> missing(graph.node_count(), 0);  // predecessors that have no place yet
  for (Node node = 0; node < graph.node_count(); ++node) {
    for (const Node successor : graph.successors(node)) {
      ++missing[successor];
    }
  }
  std::priority_queue<Node, std::vector<Node>, std::greater<>> free;
  for (Node node = 0; node < graph.node_count(); ++node) {
    if (missing[node] == 0) {
      free.push(node);
    }
  }
  std::vector<Node> order;
  while (!free.empty()) {
    const Node node = free.top();
    free.pop();
    order.push_back(node);
    for (const Node successor : graph.successors(node)) {
      if (--missing[successor] == 0) {
        free.push(successor);
      }
    }
  }
  if (order.size() != graph.node_count()) {
    return std::nullopt;
  }
  return order;
}

}  // namespace gordian::analysis
