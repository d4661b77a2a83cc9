// SPDX-License-Identifier: Apache-2.0
// Compressed rows by one counting pass and one placing pass.
#include "analyzer/graph/digraph.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace gordian::analysis {

Digraph::Digraph(Node node_count, std::span<const Arc> arcs)
    : first_(node_count + std::size_t{1}, 0), targets_(arcs.size()) {
  for (const Arc& arc : arcs) {
    GORDIAN_CHECK(arc.from < node_count && arc.to < node_count);
    ++first_[arc.from + std::size_t{1}];
  }
  for (std::size_t i = 1; i < first_.size(); ++i) {
    first_[i] += first_[i - 1];
  }
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (const Arc& arc : arcs) {
    targets_[next[arc.from]++] = arc.to;
  }
}

bool Digraph::has_arc(Node from, Node to) const {
  const auto row = successors(from);
  return std::find(row.begin(), row.end(), to) != row.end();
}

Digraph Digraph::reversed() const {
  std::vector<Arc> arcs;
  arcs.reserve(arc_count());
  for (Node from = 0; from < node_count(); ++from) {
    for (const Node to : successors(from)) {
      arcs.push_back({to, from});
    }
  }
  return Digraph(node_count(), arcs);
}

Digraph Digraph::restricted(const std::vector<bool>& keep) const {
  std::vector<Arc> arcs;
  for (Node from = 0; from < node_count(); ++from) {
    if (!keep[from]) {
      continue;
    }
    for (const Node to : successors(from)) {
      if (keep[to]) {
        arcs.push_back({from, to});
      }
    }
  }
  return Digraph(node_count(), arcs);
}

std::vector<bool> reachable(const Digraph& graph, std::span<const Node> roots) {
  std::vector<bool> seen(graph.node_count(), false);
  std::vector<Node> open;
  const auto meet = [&](Node node) {
    if (!seen[node]) {
      seen[node] = true;
      open.push_back(node);
    }
  };
  std::for_each(roots.begin(), roots.end(), meet);
  while (!open.empty()) {
    const Node node = open.back();
    open.pop_back();
    const auto row = graph.successors(node);
    std::for_each(row.begin(), row.end(), meet);
  }
  return seen;
}

}  // namespace gordian::analysis
