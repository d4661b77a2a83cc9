// SPDX-License-Identifier: Apache-2.0
// Each node counts the successors it still needs; who reaches zero tells its predecessors.
#include "analyzer/graph/progress.h"

#include "runtime/base/check.h"

namespace gordian::analysis {

std::vector<bool> can_proceed(const Digraph& graph, const std::vector<Need>& needs) {
  GORDIAN_CHECK(needs.size() == graph.node_count());
  const Digraph waiters = graph.reversed();
  std::vector<bool> proceeds(graph.node_count(), false);
  std::vector<std::size_t> missing(graph.node_count());
  std::vector<Node> ready;
  for (Node node = 0; node < graph.node_count(); ++node) {
    missing[node] = needs[node] == Need::any ? 1 : graph.successors(node).size();
    if (missing[node] == 0) {
      proceeds[node] = true;
      ready.push_back(node);
    }
  }
  while (!ready.empty()) {
    const Node provider = ready.back();
    ready.pop_back();
    for (const Node waiter : waiters.successors(provider)) {
      if (!proceeds[waiter] && --missing[waiter] == 0) {
        proceeds[waiter] = true;
        ready.push_back(waiter);
      }
    }
  }
  return proceeds;
}

}  // namespace gordian::analysis
