// SPDX-License-Identifier: Apache-2.0
// Iterative deepening: for each length, one depth-first search per component and start node that closes cycles of
// exactly that length. Repeating the shorter prefixes costs a constant factor, and a limit then cuts the long cycles,
// not the short.
#include "analyzer/graph/cycles.h"

#include <algorithm>

#include "analyzer/graph/scc.h"

namespace gordian::analysis {
namespace {

// Parallel arcs would report a cycle twice, and successors in ascending order make the order of reports that of the
// nodes.
Digraph without_parallel_arcs(const Digraph& graph) {
  std::vector<Arc> arcs;
  for (Node from = 0; from < graph.node_count(); ++from) {
    const auto row = graph.successors(from);
    std::vector<Node> distinct(row.begin(), row.end());
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    for (const Node to : distinct) {
      arcs.push_back({from, to});
    }
  }
  return Digraph(graph.node_count(), arcs);
}

class Search {
 public:
  Search(const Digraph& graph, const CycleLimits& limits, const MayExtend& may_extend, const OnCycle& on_cycle)
      : graph_(without_parallel_arcs(graph)),
        limits_(limits),
        may_extend_(may_extend),
        on_cycle_(on_cycle),
        components_(strongly_connected(graph)),
        on_path_(graph.node_count(), false) {}

  CycleSearch run() {
    for (length_ = 1; length_ <= longest() && within_limits(); ++length_) {
      for (Node start = 0; start < graph_.node_count() && within_limits(); ++start) {
        if (components_.members[components_.of[start]].size() >= length_) {
          extend(start);
        }
      }
    }
    return result_;
  }

 private:
  [[nodiscard]] std::size_t longest() const {
    std::size_t largest = 0;
    for (const auto& members : components_.members) {
      largest = std::max(largest, members.size());
    }
    return std::min(largest, limits_.max_length);
  }

  [[nodiscard]] bool within_limits() const { return result_.complete; }

  void count_step() {
    if (++result_.steps >= limits_.max_steps) {
      result_.complete = false;
    }
  }

  // Depth is bounded by max_length, so recursion is safe.
  void extend(Node node) {
    path_.push_back(node);
    on_path_[node] = true;
    for (const Node next : graph_.successors(node)) {
      if (!within_limits()) {
        break;
      }
      count_step();
      if (path_.size() == length_) {
        close_if(next == path_.front());
      } else if (is_candidate(next) && may_extend_(path_, next)) {
        extend(next);
      }
    }
    on_path_[node] = false;
    path_.pop_back();
  }

  [[nodiscard]] bool is_candidate(Node next) const {
    return next > path_.front() && !on_path_[next] && components_.of[next] == components_.of[path_.front()];
  }

  void close_if(bool closes) {
    if (closes && on_cycle_(path_) && ++result_.cycles >= limits_.max_cycles) {
      result_.complete = false;
    }
  }

  const Digraph graph_;
  const CycleLimits& limits_;
  const MayExtend& may_extend_;
  const OnCycle& on_cycle_;
  const Components components_;
  std::vector<bool> on_path_;
  std::vector<Node> path_;
  std::size_t length_ = 1;
  CycleSearch result_;
};

}  // namespace

CycleSearch find_cycles(const Digraph& graph, const CycleLimits& limits, const MayExtend& may_extend,
                        const OnCycle& on_cycle) {
  return Search(graph, limits, may_extend, on_cycle).run();
}

}  // namespace gordian::analysis
