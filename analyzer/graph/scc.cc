// SPDX-License-Identifier: Apache-2.0
// Tarjan's algorithm. `low` of a node is the smallest visiting number known to be reachable from it inside its
// component; a node whose low is its own number closes a component, which then lies on top of `path_`.
#include "analyzer/graph/scc.h"

#include <algorithm>

namespace gordian::analysis {
namespace {

constexpr std::uint32_t kUnseen = ~std::uint32_t{0};

class Tarjan {
 public:
  explicit Tarjan(const Digraph& graph)
      : graph_(graph), number_(graph.node_count(), kUnseen), low_(graph.node_count()) {
    result_.of.assign(graph.node_count(), kUnseen);
  }

  Components run() {
    for (Node root = 0; root < graph_.node_count(); ++root) {
      if (number_[root] == kUnseen) {
        visit_from(root);
      }
    }
    return std::move(result_);
  }

 private:
  struct Frame {
    Node node;
    std::size_t next;  // successor to look at
  };

  void enter(Node node) {
    number_[node] = low_[node] = count_++;
    path_.push_back(node);
    calls_.push_back({node, 0});
  }

  void visit_from(Node root) {
    enter(root);
    while (!calls_.empty()) {
      Frame& frame = calls_.back();
      const auto row = graph_.successors(frame.node);
      if (frame.next < row.size()) {
        look_at(frame.node, row[frame.next++]);  // may invalidate `frame`
      } else {
        leave(frame.node);
      }
    }
  }

  void look_at(Node node, Node successor) {
    if (number_[successor] == kUnseen) {
      enter(successor);
    } else if (result_.of[successor] == kUnseen) {  // still on the path
      low_[node] = std::min(low_[node], number_[successor]);
    }
  }

  void leave(Node node) {
    calls_.pop_back();
    if (!calls_.empty()) {
      const Node caller = calls_.back().node;
      low_[caller] = std::min(low_[caller], low_[node]);
    }
    if (low_[node] == number_[node]) {
      close_component(node);
    }
  }

  void close_component(Node first) {
    const auto begin = std::find(path_.rbegin(), path_.rend(), first).base() - 1;
    std::vector<Node> members(begin, path_.end());
    path_.erase(begin, path_.end());
    const auto component = static_cast<std::uint32_t>(result_.members.size());
    for (const Node member : members) {
      result_.of[member] = component;
    }
    std::sort(members.begin(), members.end());
    result_.cyclic.push_back(members.size() > 1 || graph_.has_arc(first, first));
    result_.members.push_back(std::move(members));
  }

  const Digraph& graph_;
  Components result_;
  std::vector<std::uint32_t> number_;
  std::vector<std::uint32_t> low_;
  std::vector<Node> path_;
  std::vector<Frame> calls_;
  std::uint32_t count_ = 0;
};

}  // namespace

Components strongly_connected(const Digraph& graph) { return Tarjan(graph).run(); }

}  // namespace gordian::analysis
