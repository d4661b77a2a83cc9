// SPDX-License-Identifier: Apache-2.0
// The verb of an edge follows from the kind of its object and from what the waiter wants of it.
#include "analyzer/finding/edge_phrases.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "analyzer/finding/phrases.h"

namespace gordian::analysis {
namespace {

using trace::ObjectKind;
using trace::WaitReason;

// "waits for" of one becomes "wait for" of many: the verb is the first word.
std::string of_many(std::string_view words) {
  const std::size_t verb = std::min(words.find(' '), words.size());
  const bool singular = verb > 0 && words[verb - 1] == 's';
  return std::string(words.substr(0, verb - (singular ? 1 : 0))) + std::string(words.substr(verb));
}

std::string_view waiting_words(const GraphNode& from, const GraphNode& to, const GraphEdge& edge) {
  if (to.kind == NodeKind::select) return "waits in";
  const WaitReason reason = from.actor.reason;
  if (to.object.sync_kind == ObjectKind::context) return "waits for the end of";
  if (to.object.sync_kind == ObjectKind::timer) return "waits for";
  if (reason != WaitReason::none && reason != WaitReason::select) return words_of(reason);
  if (!is_channel(to.object)) return "waits for";
  return edge.sends ? "waits to send to" : "waits to receive from";
}

bool holds_shared(const ActorRef& actor, const ObjectRef& object) {
  const Hold* hold = hold_of(actor, object.id);
  return hold != nullptr && hold->mode == trace::LockMode::shared;
}

std::string_view holding_words(const GraphNode& from, const GraphNode& to) {
  switch (from.object.sync_kind) {
    case ObjectKind::rwmutex:
      return holds_shared(to.actor, from.object) ? "read-locked by" : "write-locked by";
    case ObjectKind::once:
      return "its first call runs in";
    case ObjectKind::wait_group:
      return "needs done() from";
    case ObjectKind::semaphore:
      return "gave its permits to";
    default:
      return "held by";
  }
}

bool is_only_waker(const WaitGraph& graph, std::uint32_t object) {
  return 1 == std::count_if(graph.edges.begin(), graph.edges.end(), [object](const GraphEdge& edge) {
           return edge.from == object && edge.kind == EdgeKind::wake;
         });
}

std::string waking_words(const WaitGraph& graph, const GraphEdge& edge) {
  const ObjectRef& object = graph.nodes[edge.from].object;
  const std::string_view only = is_only_waker(graph, edge.from) ? "only " : "";
  std::string words = "can " + std::string(only) + "be ";
  switch (object.sync_kind) {
    case ObjectKind::channel:
      return words + (edge.sends ? "drained by" : "filled by");
    case ObjectKind::wait_group:
      return "needs done() from";
    case ObjectKind::mutex:
    case ObjectKind::rwmutex:
      return words + "unlocked by";
    case ObjectKind::cond:
      return words + "signalled by";
    case ObjectKind::semaphore:
      return words + "released by";
    case ObjectKind::posix_semaphore:
      return words + "posted by";
    case ObjectKind::barrier:
      return "needs the arrival of";
    case ObjectKind::atomic:
      return words + "changed by";
    case ObjectKind::context:
      return words + "cancelled by";
    case ObjectKind::timer:
      return words + "set by";
    default:
      return words + "woken by";
  }
}

std::string_view need_words(const GraphNode& from, const GraphEdge& edge) {
  switch (from.object.sync_kind) {
    case ObjectKind::channel:
      if (!from.object.id) return "is never ready";
      return edge.sends ? "needs a receiver" : "needs a sender or a close";
    case ObjectKind::wait_group:
      return "needs done()";
    case ObjectKind::mutex:
    case ObjectKind::rwmutex:
      return "needs an unlock";
    case ObjectKind::cond:
      return "needs a signal";
    case ObjectKind::semaphore:
      return "needs a release";
    case ObjectKind::posix_semaphore:
      return "needs a post";
    case ObjectKind::barrier:
      return "needs another arrival";
    case ObjectKind::atomic:
      return "needs a change";
    case ObjectKind::context:
      return "needs a cancel";
    case ObjectKind::timer:
      return "is not set";
    default:
      return "needs a wake-up";
  }
}

std::string end_of(const GraphNode& node) {
  switch (node.kind) {
    case NodeKind::actor:
      return short_name(node.actor) + (node.count == 1 ? "" : " and " + grouped(node.count - 1) + " more");
    case NodeKind::select:
      return "select";
    case NodeKind::object:
      return name_of(node.object);
    case NodeKind::nobody:
      return "nobody";
  }
  return "nobody";
}

bool is_nil(const GraphNode& node) {
  return node.kind == NodeKind::object && is_channel(node.object) && !node.object.id;
}

std::string need_sentence(const WaitGraph& graph, const GraphEdge& edge, const std::string& words) {
  return end_of(graph.nodes[edge.from]) + " " + words + ", " + nobody_words(graph, edge);
}

std::string order_sentence(const GraphNode& from, const GraphNode& to, const GraphEdge& edge) {
  ActorRef who;
  who.id = edge.actor;
  who.kind = edge.actor_kind;
  const std::string actor = edge.actor ? short_name(who) + " requests " : "someone requests ";
  return "holding " + end_of(from) + ", " + actor + end_of(to);
}

}  // namespace

std::string edge_words(const WaitGraph& graph, const GraphEdge& edge) {
  const GraphNode& from = graph.nodes[edge.from];
  const GraphNode& to = graph.nodes[edge.to];
  switch (edge.kind) {
    case EdgeKind::waits:
      return from.count > 1 ? grouped(from.count) + " " + of_many(waiting_words(from, to, edge))
                            : std::string(waiting_words(from, to, edge));
    case EdgeKind::held:
      return std::string(holding_words(from, to));
    case EdgeKind::or_wait:
      return !is_channel(to.object) ? "or: wait for" : edge.sends ? "or: send to" : "or: receive from";
    case EdgeKind::wake:
      return waking_words(graph, edge);
    case EdgeKind::wake_nobody:
      return std::string(need_words(from, edge));
    case EdgeKind::order:
      return edge.count == 1 ? "once" : grouped(edge.count) + " times";
  }
  return "waits for";
}

std::string_view place_words(const WaitGraph& graph, const GraphEdge& edge) {
  const ObjectKind kind = graph.nodes[edge.from].object.sync_kind;
  if (edge.kind == EdgeKind::held && (kind == ObjectKind::mutex || kind == ObjectKind::rwmutex)) return "locked";
  if (edge.kind == EdgeKind::wake && kind == ObjectKind::channel) return edge.sends ? "receives" : "sends";
  return "";
}

std::string nobody_words(const WaitGraph& graph, const GraphEdge& edge) {
  const GraphNode& from = graph.nodes[edge.from];
  if (from.kind != NodeKind::object) return "nothing can end this wait";
  const std::string none_left = "no " + std::string(actor_noun(graph)) + " left that ";
  switch (from.object.sync_kind) {
    case ObjectKind::channel:
      if (!from.object.id) return "a nil channel is never ready";
      if (edge.unserved) return edge.sends ? "nobody has received from it so far" : "nobody has sent on it so far";
      return none_left + (edge.sends ? "receives" : "sends or closes");
    case ObjectKind::wait_group:
      return none_left + "calls done()";
    case ObjectKind::mutex:
    case ObjectKind::rwmutex:
      return none_left + "unlocks it";
    case ObjectKind::cond:
      if (edge.unserved) return "nobody has signalled it so far";
      return edge.where.file.empty() ? none_left + "signals it" : "its last signal found nobody waiting";
    case ObjectKind::semaphore:
      return edge.unserved ? "nobody has released it so far" : none_left + "releases it";
    case ObjectKind::posix_semaphore:
      return edge.unserved ? "nobody has posted it so far" : none_left + "posts it";
    case ObjectKind::barrier:
      return grouped(from.object.length) + " of " + grouped(from.object.capacity) + " came, " + none_left + "comes";
    case ObjectKind::atomic:
      return edge.unserved ? "nobody has woken a waiter of it so far" : none_left + "changes it";
    case ObjectKind::context:
      return edge.unserved ? "nobody has cancelled it so far" : none_left + "cancels it";
    case ObjectKind::timer:
      return none_left + "sets it";
    default:
      return none_left + "could wake it";
  }
}

std::string sentence_of(const WaitGraph& graph, const GraphEdge& edge) {
  const GraphNode& from = graph.nodes[edge.from];
  const GraphNode& to = graph.nodes[edge.to];
  if (edge.kind == EdgeKind::order) return order_sentence(from, to, edge);
  if (edge.kind == EdgeKind::or_wait) {
    const bool channel = is_channel(to.object);
    return std::string(!channel     ? "the wait could end by "
                       : edge.sends ? "select could send to "
                                    : "select could receive from ") +
           end_of(to);
  }
  const std::string words = edge_words(graph, edge);
  if (to.kind == NodeKind::nobody) return is_nil(from) ? nobody_words(graph, edge) : need_sentence(graph, edge, words);
  const bool passive = edge.kind == EdgeKind::held && words.find(" by") != std::string::npos;
  const bool many_wait = edge.kind == EdgeKind::waits && from.count > 1;
  const std::string begin = many_wait ? end_of(from) + " " + of_many(waiting_words(from, to, edge))
                                      : end_of(from) + (passive ? " is " : " ") + words;
  // "receives from a nil channel" has named it already.
  return is_nil(to) && from.kind == NodeKind::actor ? begin : begin + " " + end_of(to);
}

std::vector<std::size_t> guilty_steps(const WaitGraph& graph) {
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i < graph.edges.size(); ++i) {
    if (graph.edges[i].guilty) steps.push_back(i);
  }
  const auto number = [&](std::size_t i) { return std::atoi(graph.edges[i].step.c_str()); };
  std::sort(steps.begin(), steps.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(number(a), graph.edges[a].step, a) < std::tuple(number(b), graph.edges[b].step, b);
  });
  return steps;
}

}  // namespace gordian::analysis
