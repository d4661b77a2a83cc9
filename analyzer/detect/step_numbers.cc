// SPDX-License-Identifier: Apache-2.0
// Depth-first, each node walked on from once; a part that was not reached goes on with the next free number.
#include "analyzer/detect/step_numbers.h"

#include <algorithm>

namespace gordian::analysis {
namespace {

class Walk {
 public:
  explicit Walk(WaitGraph& graph) : graph_(graph), out_(graph.nodes.size()), visited_(graph.nodes.size(), false) {
    for (std::uint32_t edge = 0; edge < graph.edges.size(); ++edge) {
      if (graph.edges[edge].guilty) {
        out_[graph.edges[edge].from].push_back(edge);
      }
    }
  }

  std::vector<std::uint32_t> run() {
    for (const std::uint32_t start : actors_by_id()) {
      if (!visited_[start]) {
        walk_from(start);
      }
    }
    return std::move(met_);
  }

 private:
  struct Stop {
    std::uint32_t node;
    std::uint32_t number;  // of the edges that leave it
    std::string branch;
  };

  [[nodiscard]] std::vector<std::uint32_t> actors_by_id() const {
    std::vector<std::uint32_t> actors;
    for (std::uint32_t node = 0; node < graph_.nodes.size(); ++node) {
      if (graph_.nodes[node].guilty && graph_.nodes[node].kind == NodeKind::actor) {
        actors.push_back(node);
      }
    }
    std::sort(actors.begin(), actors.end(),
              [&](std::uint32_t a, std::uint32_t b) { return graph_.nodes[a].actor.id < graph_.nodes[b].actor.id; });
    return actors;
  }

  void walk_from(std::uint32_t start) {
    std::vector<Stop> open{{start, next_, ""}};
    while (!open.empty()) {
      const Stop stop = std::move(open.back());
      open.pop_back();
      if (!visited_[stop.node]) {
        leave(stop, open);
      }
    }
  }

  void leave(const Stop& stop, std::vector<Stop>& open) {
    visited_[stop.node] = true;
    if (graph_.nodes[stop.node].kind == NodeKind::actor) {
      met_.push_back(stop.node);
    }
    const auto& edges = out_[stop.node];
    for (std::size_t i = edges.size(); i-- > 0;) {  // the first branch ends up on top
      const std::string branch = edges.size() == 1 ? stop.branch : stop.branch + letter(i);
      graph_.edges[edges[i]].step = std::to_string(stop.number) + branch;
      next_ = std::max(next_, stop.number + 1);
      open.push_back({graph_.edges[edges[i]].to, stop.number + 1, branch});
    }
  }

  static std::string letter(std::size_t index) {
    return std::string(index / 26, 'z') + static_cast<char>('a' + index % 26);
  }

  WaitGraph& graph_;
  std::vector<std::vector<std::uint32_t>> out_;  // guilty edges, in the order in which they were added
  std::vector<bool> visited_;
  std::vector<std::uint32_t> met_;
  std::uint32_t next_ = 1;
};

}  // namespace

std::vector<std::uint32_t> number_steps(WaitGraph& graph) { return Walk(graph).run(); }

}  // namespace gordian::analysis
