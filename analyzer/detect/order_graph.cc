// SPDX-License-Identifier: Apache-2.0
// First the cycle, then its neighbours at distance one: pairs (held, requested) summed over all dependencies.
#include "analyzer/detect/order_graph.h"

#include <algorithm>
#include <map>
#include <set>

namespace gordian::analysis {
namespace {

constexpr std::size_t kMaxNeighbours = 24;

using LockPair = std::pair<ObjectId, ObjectId>;  // held, requested

struct Order {
  const LockRequester* first = nullptr;
  std::uint64_t count = 0;
  std::vector<const LockDependency*> dependencies;
};

class Drawing {
 public:
  Drawing(const Describer& describe, const std::vector<LockDependency>& dependencies) : describe_(describe) {
    for (const LockDependency& dependency : dependencies) {
      for (const auto& [held, mode] : dependency.held) {
        Order& order = orders_[{held, dependency.lock}];
        order.first = order.first == nullptr ? &dependency.requesters.front() : order.first;
        order.count += dependency.count;
        order.dependencies.push_back(&dependency);
      }
    }
  }

  WaitGraph run(const LockCycle& cycle) {
    std::size_t step = 0;
    std::set<LockPair> guilty;
    for (const std::vector<CycleEdge>* edges : {&cycle.edges, &cycle.writers}) {
      for (const CycleEdge& edge : *edges) {
        const LockPair pair{edge.held, edge.dependency->lock};
        guilty.insert(pair);
        add(pair, *edge.requester, std::max<std::uint64_t>(orders_[pair].count, edge.dependency->count),
            std::to_string(++step));
      }
    }
    add_neighbours(guilty);
    return std::move(graph_);
  }

 private:
  void add(const LockPair& pair, const LockRequester& requester, std::uint64_t count, std::string step) {
    GraphEdge edge;
    edge.guilty = !step.empty();
    edge.from = node(pair.first, edge.guilty, requester);
    edge.to = node(pair.second, edge.guilty, requester);
    edge.kind = EdgeKind::order;
    edge.step = std::move(step);
    edge.where = describe_.frame(requester.request);
    edge.actor = requester.actor;
    edge.actor_kind = describe_.kind_of(requester.actor);
    edge.count = count;
    graph_.edges.push_back(std::move(edge));
  }

  void add_neighbours(const std::set<LockPair>& guilty) {
    const std::map<ObjectId, std::uint32_t> cycle = nodes_;
    std::size_t added = 0;
    for (const auto& [pair, order] : orders_) {
      const bool touches = cycle.contains(pair.first) || cycle.contains(pair.second);
      if (guilty.contains(pair) || !touches || order.first == nullptr) {
        continue;
      }
      if (++added > kMaxNeighbours) {
        ++graph_.not_drawn;
        continue;
      }
      add(pair, *order.first, order.count, "");
      for (const ObjectId gate : gates_of(pair, order)) {
        graph_.edges.back().gates.push_back(describe_.object(gate));
      }
    }
  }

  // Both orders of a pair were seen, and a common lock always kept them apart.
  [[nodiscard]] std::vector<ObjectId> gates_of(const LockPair& pair, const Order& order) const {
    const auto reverse = orders_.find({pair.second, pair.first});
    std::set<ObjectId> gates;
    if (reverse == orders_.end()) {
      return {};
    }
    for (const LockDependency* one : order.dependencies) {
      for (const LockDependency* other : reverse->second.dependencies) {
        const std::vector<ObjectId> common = common_gates(one->held, other->held);
        if (common.empty()) {
          return {};
        }
        gates.insert(common.begin(), common.end());
      }
    }
    return {gates.begin(), gates.end()};
  }

  std::uint32_t node(ObjectId lock, bool guilty, const LockRequester& requester) {
    const auto [known, fresh] = nodes_.try_emplace(lock, static_cast<std::uint32_t>(graph_.nodes.size()));
    if (fresh) {
      GraphNode node;
      node.kind = NodeKind::object;
      node.object = describe_.object(lock, requester.request);
      node.guilty = guilty;
      graph_.nodes.push_back(std::move(node));
    }
    return known->second;
  }

  const Describer& describe_;
  WaitGraph graph_;
  std::map<LockPair, Order> orders_;
  std::map<ObjectId, std::uint32_t> nodes_;
};

}  // namespace

WaitGraph draw_orders(const Describer& describe, const LockCycle& cycle,
                      const std::vector<LockDependency>& dependencies) {
  return Drawing(describe, dependencies).run(cycle);
}

}  // namespace gordian::analysis
