// SPDX-License-Identifier: Apache-2.0
// A directed graph over nodes 0..n-1 in compressed rows: two arrays, successors of a node side by side, in the order in
// which their edges were given. Immutable once built; parallel edges are kept, since callers attach meaning to edge
// numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gordian::analysis {

using Node = std::uint32_t;

struct Arc {
  Node from = 0;
  Node to = 0;
  friend bool operator==(const Arc&, const Arc&) = default;
};

class Digraph {
 public:
  Digraph() : first_(1, 0) {}
  // O(nodes + arcs). Every endpoint must be below node_count.
  Digraph(Node node_count, std::span<const Arc> arcs);

  [[nodiscard]] Node node_count() const { return static_cast<Node>(first_.size() - 1); }
  [[nodiscard]] std::size_t arc_count() const { return targets_.size(); }
  [[nodiscard]] std::span<const Node> successors(Node node) const {
    return std::span(targets_).subspan(first_[node], first_[node + 1] - first_[node]);
  }
  [[nodiscard]] bool has_arc(Node from, Node to) const;
  // The same nodes with every arc turned round.
  [[nodiscard]] Digraph reversed() const;
  // Only the arcs between nodes that are kept; node numbers stay.
  [[nodiscard]] Digraph restricted(const std::vector<bool>& keep) const;

 private:
  std::vector<std::size_t> first_;  // of node i: targets_[first_[i]] up to targets_[first_[i + 1]]
  std::vector<Node> targets_;
};

// Which nodes a walk from any of the roots meets, the roots included. O(nodes + arcs).
std::vector<bool> reachable(const Digraph& graph, std::span<const Node> roots);

}  // namespace gordian::analysis
