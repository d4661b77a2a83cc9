// SPDX-License-Identifier: Apache-2.0
// Iterative, because a ring may be thousands of steps long.
#include "analyzer/drawing/fold.h"

#include <algorithm>

namespace gordian::analysis::drawing {
namespace {

constexpr std::size_t kNotOnPath = ~std::size_t{0};

class Walk {
 public:
  explicit Walk(Sketch& sketch)
      : sketch_(sketch),
        leaving_(sketch.nodes.size()),
        depth_(sketch.nodes.size(), kNotOnPath),
        next_(sketch.nodes.size(), 0),
        seen_(sketch.nodes.size(), false) {
    for (std::size_t i = 0; i < sketch.edges.size(); ++i) {
      if (sketch.edges[i].guilty) leaving_[sketch.edges[i].from].push_back(i);
    }
  }

  void from(std::size_t root) {
    if (seen_[root]) return;
    enter(root);
    while (!nodes_.empty()) advance();
  }

 private:
  void enter(std::size_t node) {
    seen_[node] = true;
    depth_[node] = nodes_.size();
    nodes_.push_back(node);
  }

  void leave() {
    depth_[nodes_.back()] = kNotOnPath;
    nodes_.pop_back();
    if (!path_.empty()) path_.pop_back();
  }

  void advance() {
    const std::size_t node = nodes_.back();
    if (next_[node] == leaving_[node].size()) return leave();
    const std::size_t edge = leaving_[node][next_[node]++];
    const std::size_t target = sketch_.edges[edge].to;
    if (depth_[target] != kNotOnPath) return fold(depth_[target], edge);
    if (seen_[target]) return;
    path_.push_back(edge);
    enter(target);
  }

  // The cycle is the path from depth `begin` on, closed by `last`.
  void fold(std::size_t begin, std::size_t last) {
    std::vector<std::size_t> cycle(path_.begin() + static_cast<std::ptrdiff_t>(begin), path_.end());
    cycle.push_back(last);
    for (std::size_t i = (cycle.size() + 1) / 2; i < cycle.size(); ++i) sketch_.edges[cycle[i]].folded = true;
  }

  Sketch& sketch_;
  std::vector<std::vector<std::size_t>> leaving_;  // per node, guilty edges in order
  std::vector<std::size_t> depth_;                 // of a node on the path
  std::vector<std::size_t> next_;                  // edge to look at next, per node
  std::vector<bool> seen_;
  std::vector<std::size_t> nodes_;  // the path
  std::vector<std::size_t> path_;   // edges between its nodes
};

}  // namespace

void fold_cycles(Sketch& sketch) {
  Walk walk(sketch);
  for (const SketchEdge& edge : sketch.edges) {
    if (edge.guilty) walk.from(edge.from);
  }
}

}  // namespace gordian::analysis::drawing
