// SPDX-License-Identifier: Apache-2.0
// Random small graphs from a seed, and the transitive closure by definition: the oracle that most tests compare with.
#pragma once

#include <random>
#include <vector>

#include "analyzer/graph/digraph.h"

namespace gordian::analysis {

inline Digraph random_graph(std::mt19937& random, Node max_nodes) {
  const Node nodes = 1 + static_cast<Node>(random() % max_nodes);
  std::vector<Arc> arcs(random() % (2 * nodes + 1));
  for (Arc& arc : arcs) {
    arc = {static_cast<Node>(random() % nodes), static_cast<Node>(random() % nodes)};
  }
  return Digraph(nodes, arcs);
}

// closure[a][b]: a walk of at least one arc leads from a to b (S. Warshall, JACM 9(1), 1962).
inline std::vector<std::vector<bool>> closure(const Digraph& graph) {
  const Node n = graph.node_count();
  std::vector<std::vector<bool>> leads(n, std::vector<bool>(n, false));
  for (Node a = 0; a < n; ++a) {
    for (const Node b : graph.successors(a)) {
      leads[a][b] = true;
    }
  }
  for (Node via = 0; via < n; ++via) {
    for (Node a = 0; a < n; ++a) {
      for (Node b = 0; b < n; ++b) {
        leads[a][b] = leads[a][b] || (leads[a][via] && leads[via][b]);
      }
    }
  }
  return leads;
}

}  // namespace gordian::analysis
