// SPDX-License-Identifier: Apache-2.0
// The pieces that sample findings are made of: a graph that numbers its own steps, waiting and holding actors.
#pragma once

#include <string>

#include "analyzer/finding/phrases.h"
#include "tests/unit/drawing/sample_findings.h"

namespace gordian::analysis::samples {

using trace::ObjectKind;
using trace::WaitReason;

// Edges get their step in the order in which they are added, unless they carry one.
class Graph {
 public:
  explicit Graph(Finding& finding) : graph_(finding.graph) {}

  std::uint32_t add(NodeKind kind, const ActorRef& actor, const ObjectRef& object, bool guilty) {
    graph_.nodes.push_back({.kind = kind, .actor = actor, .object = object, .guilty = guilty, .count = 1});
    return static_cast<std::uint32_t>(graph_.nodes.size() - 1);
  }
  std::uint32_t actor(const ActorRef& actor, bool guilty = true) { return add(NodeKind::actor, actor, {}, guilty); }
  std::uint32_t object(const ObjectRef& object, bool guilty = true) {
    return add(NodeKind::object, {}, object, guilty);
  }
  std::uint32_t select(const ActorRef& actor) { return add(NodeKind::select, actor, {}, true); }
  std::uint32_t nobody(const ObjectRef& object) { return add(NodeKind::nobody, {}, object, false); }

  GraphEdge& edge(std::uint32_t from, EdgeKind kind, std::uint32_t to, const Frame& where, const char* step = nullptr) {
    GraphEdge edge;
    edge.from = from;
    edge.to = to;
    edge.kind = kind;
    edge.guilty = true;
    edge.step = step != nullptr ? step : std::to_string(++steps_);
    edge.where = where;
    graph_.edges.push_back(edge);
    return graph_.edges.back();
  }
  void innocent(std::uint32_t from, EdgeKind kind, std::uint32_t to, const Frame& where) {
    GraphEdge& added = edge(from, kind, to, where, "");
    added.guilty = false;
  }

 private:
  WaitGraph& graph_;
  int steps_ = 0;
};

inline Finding finding(const char* id, FindingKind kind, const char* subkind) {
  Finding finding;
  finding.id = id;
  finding.kind = kind;
  finding.subkind = subkind;
  return finding;
}

inline ActorRef waiting(ActorRef actor, WaitReason reason, const Frame& where, std::uint64_t milliseconds) {
  actor.role = Role::waits;
  actor.reason = reason;
  actor.stack.insert(actor.stack.begin(), where);
  actor.waited_ns = milliseconds * 1'000'000;
  return actor;
}

inline ActorRef& takes(ActorRef& actor, const ObjectRef& object, const Frame& where,
                       trace::LockMode mode = trace::LockMode::exclusive) {
  actor.holds.push_back({object, mode, {where}});
  return actor;
}

inline LaneEvent event(Act act, const ObjectRef& object, const Frame& where, std::uint32_t rank) {
  LaneEvent event;
  event.act = act;
  event.object = object;
  event.where = where;
  event.rank = rank;
  return event;
}
// A beginning and an access, as every lane has them.
inline LaneEvent start(std::uint32_t rank = 0) { return event(Act::start, {}, {}, rank); }
inline LaneEvent access_of(const ActorRef& actor, std::uint32_t rank) {
  return event(Act::access, {}, *user_frame(actor.stack), rank);
}

inline ActorRef main_goroutine() {
  ActorRef actor = goroutine(1, "main", "/src/app/main.cc", 40);
  actor.created.clear();
  actor.parent = ActorId{};
  return actor;
}

}  // namespace gordian::analysis::samples
