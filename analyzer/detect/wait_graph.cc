// SPDX-License-Identifier: Apache-2.0
// One pass over the members; objects and edges are made when first met, so the same members give the same graph.
#include "analyzer/detect/wait_graph.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "analyzer/detect/waits.h"

namespace gordian::analysis {
namespace {

using trace::ObjectKind;
using trace::WaitReason;

constexpr std::size_t kGroupFrom = 3;
constexpr std::size_t kMostDrawn = 40;  // groups; guilty ones are always drawn

// A select, or a semaphore beside a channel that ends the wait.
bool is_select(const Wait& wait) {
  return wait.actor->reason == WaitReason::select || wait.actor->reason == WaitReason::select_empty ||
         (wait.actor->reason == WaitReason::semaphore && wait.cases.size() > 1);
}

class Drawing {
 public:
  Drawing(const Describer& describe, const std::vector<Member>& members) : describe_(describe) {
    std::map<GroupKey, std::vector<const Member*>> groups;
    for (const Member& member : members) {
      components_[member.wait->actor->id] = member.component;
      groups[key_of(member)].push_back(&member);
    }
    for (const auto& [key, group] : groups) {
      const std::size_t each = group.size() >= kGroupFrom ? group.size() : 1;
      for (std::size_t i = 0; i < group.size(); ++i) {
        drawn_as_[group[i]->wait->actor->id] = group[i / each * each]->wait->actor->id;
      }
      for (std::size_t first = 0; first < group.size(); first += each) {
        drawn_.emplace(group[first]->wait->actor->id, Drawn{group[first], static_cast<std::uint32_t>(each)});
      }
    }
    std::erase_if(drawn_, [&](const auto& entry) { return is_too_much(entry.second); });
  }

  WaitGraph run() {
    for (const auto& [id, drawn] : drawn_) {
      add_actor(*drawn.member->wait, drawn);
    }
    for (const auto& [id, drawn] : drawn_) {
      add_wait(*drawn.member->wait, drawn);
    }
    return std::move(graph_);
  }

 private:
  using CaseKey = std::vector<std::pair<ObjectId, bool>>;
  using GroupKey = std::tuple<ActorId, std::uint32_t, WaitReason, Place, Place, CaseKey>;
  struct Link {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    EdgeKind kind = EdgeKind::waits;
    bool guilty = false;
    bool sends = false;
    bool unserved = false;
    Frame where = {};
    std::uint64_t count = 1;
  };
  struct Drawn {
    const Member* member;
    std::uint32_t count;
  };

  // Main is never one of many.
  static GroupKey key_of(const Member& member) {
    const ActorState& actor = *member.wait->actor;
    CaseKey cases;
    for (const WaitCase& wait_case : member.wait->cases) {
      cases.emplace_back(wait_case.object, wait_case.sends);
    }
    const ActorId alone = actor.id == kMain || actor.reason == WaitReason::thread_join ? actor.id : ActorId{};
    return {alone, member.component, actor.reason, actor.created, actor.blocked_at, std::move(cases)};
  }

  bool is_too_much(const Drawn& drawn) {
    if (drawn.member->component != 0 || ++beside_ <= kMostDrawn) {
      return false;
    }
    graph_.not_drawn += drawn.count;
    return true;
  }

  std::uint32_t add_node(GraphNode node) {
    graph_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(graph_.nodes.size() - 1);
  }

  void add_actor(const Wait& wait, const Drawn& drawn) {
    GraphNode node;
    node.actor = waiting_actor(describe_, wait);
    node.guilty = drawn.member->component != 0;
    node.count = drawn.count;
    actor_nodes_[wait.actor->id] = add_node(std::move(node));
  }

  void add_wait(const Wait& wait, const Drawn& drawn) {
    std::uint32_t source = actor_nodes_[wait.actor->id];
    const bool guilty = drawn.member->component != 0;
    const Frame where = describe_.frame(wait.actor->blocked_at);
    if (is_select(wait)) {
      GraphNode select = graph_.nodes[source];
      select.kind = NodeKind::select;
      const std::uint32_t node = add_node(std::move(select));
      add_edge(Link{
          .from = source, .to = node, .kind = EdgeKind::waits, .guilty = guilty, .where = where, .count = drawn.count});
      source = node;
      if (wait.cases.empty()) {
        add_nobody(source, {}, {}, guilty);
      }
    }
    for (const WaitCase& wait_case : wait.cases) {
      add_case(wait, wait_case, drawn, source, where);
    }
  }

  void add_case(const Wait& wait, const WaitCase& wait_case, const Drawn& drawn, std::uint32_t source,
                const Frame& where) {
    const std::uint32_t component = drawn.member->component;
    if (wait.actor->reason == WaitReason::thread_join) {
      return add_join(wait_case, component, source, where);
    }
    const std::uint32_t object = object_node(wait, wait_case);
    graph_.nodes[object].guilty = graph_.nodes[object].guilty || component != 0;
    add_edge(Link{.from = source,
                  .to = object,
                  .kind = is_select(wait) ? EdgeKind::or_wait : EdgeKind::waits,
                  .guilty = component != 0,
                  .sends = wait_case.sends,
                  .where = where,
                  .count = drawn.count});
    for (const Provider& provider : wait_case.providers) {
      add_provider(object, provider, wait_case.sends, component);
    }
    if (wait_case.providers.empty()) {
      add_nobody(object, graph_.nodes[object].object, wait_case, component != 0);
    }
  }

  void add_join(const WaitCase& wait_case, std::uint32_t component, std::uint32_t source, const Frame& where) {
    for (const Provider& thread : wait_case.providers) {
      if (const std::uint32_t* node = node_of(thread.actor)) {
        add_edge(Link{.from = source,
                      .to = *node,
                      .kind = EdgeKind::waits,
                      .guilty = component != 0 && components_[thread.actor] == component,
                      .where = where});
      }
    }
    if (wait_case.providers.empty()) {
      add_nobody(source, {}, wait_case, component != 0);
    }
  }

  void add_provider(std::uint32_t object, const Provider& provider, bool sends, std::uint32_t component) {
    if (const std::uint32_t* node = node_of(provider.actor)) {
      add_edge(Link{.from = object,
                    .to = *node,
                    .kind = provider.kind,
                    .guilty = component != 0 && components_[provider.actor] == component,
                    .sends = sends,
                    .where = describe_.frame(provider.where)});
    }
  }

  // Of the actor or of the one that stands for its group; null if it is not drawn.
  [[nodiscard]] const std::uint32_t* node_of(ActorId actor) const {
    const auto drawn_as = drawn_as_.find(actor);
    if (drawn_as == drawn_as_.end()) {
      return nullptr;
    }
    const auto node = actor_nodes_.find(drawn_as->second);
    return node == actor_nodes_.end() ? nullptr : &node->second;
  }

  // Nodes of a nil channel and of nobody are not shared: each need has its own.
  std::uint32_t object_node(const Wait& wait, const WaitCase& wait_case) {
    if (const auto known = object_nodes_.find(wait_case.object); known != object_nodes_.end()) {
      return known->second;
    }
    GraphNode node;
    node.kind = NodeKind::object;
    node.object = describe_.object(wait_case.object, wait.actor->blocked_at);
    if (!wait_case.object) {
      node.object.sync_kind = ObjectKind::channel;
      return add_node(std::move(node));
    }
    return object_nodes_[wait_case.object] = add_node(std::move(node));
  }

  void add_nobody(std::uint32_t from, const ObjectRef& object, const WaitCase& wait_case, bool guilty) {
    const auto [known, fresh] = nobody_nodes_.try_emplace({from, wait_case.sends}, 0);
    if (fresh) {
      GraphNode node;
      node.kind = NodeKind::nobody;
      node.object = object;
      known->second = add_node(std::move(node));
    }
    add_edge(Link{.from = from,
                  .to = known->second,
                  .kind = EdgeKind::wake_nobody,
                  .guilty = guilty,
                  .sends = wait_case.sends,
                  .unserved = wait_case.unserved,
                  .where = wait_case.lost == nullptr ? Frame{} : describe_.frame(wait_case.lost->place)});
  }

  // Several waiters on one object share what leads on from it.
  void add_edge(Link link) {
    const auto key = std::tuple(link.from, link.to, link.kind, link.sends);
    const auto [known, fresh] = edges_.try_emplace(key, graph_.edges.size());
    if (fresh) {
      GraphEdge& edge = graph_.edges.emplace_back();
      edge.from = link.from;
      edge.to = link.to;
      edge.kind = link.kind;
      edge.sends = link.sends;
      edge.unserved = link.unserved;
      edge.where = std::move(link.where);
      edge.count = link.count;
    }
    GraphEdge& edge = graph_.edges[known->second];
    edge.guilty = edge.guilty || link.guilty;
  }

  const Describer& describe_;
  WaitGraph graph_;
  std::size_t beside_ = 0;  // groups that only hang on the guilty ones
  std::map<ActorId, std::uint32_t> components_;
  std::map<ActorId, ActorId> drawn_as_;  // the first of its group
  std::map<ActorId, Drawn> drawn_;
  std::map<ActorId, std::uint32_t> actor_nodes_;
  std::map<ObjectId, std::uint32_t> object_nodes_;
  std::map<std::pair<std::uint32_t, bool>, std::uint32_t> nobody_nodes_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, EdgeKind, bool>, std::size_t> edges_;
};

}  // namespace

ActorRef waiting_actor(const Describer& describe, const Wait& wait) {
  ActorRef ref = describe.actor(wait.actor->id);
  ref.role = Role::waits;
  ref.reason = wait.actor->reason;
  for (const WaitCase& wait_case : wait.cases) {
    if (wait_case.object) {
      ref.objects.push_back(describe.object(wait_case.object, wait.actor->blocked_at));
    }
  }
  ref.stack = describe.stack(wait.actor->blocked_at);
  ref.holds = describe.holds(wait.actor->holds);
  ref.waited_ns = describe.ns_until_end(wait.actor->blocked_cycles);
  return ref;
}

WaitGraph draw_waits(const Describer& describe, const std::vector<Member>& members) {
  return Drawing(describe, members).run();
}

}  // namespace gordian::analysis
