// SPDX-License-Identifier: Apache-2.0
// Everything is counted from the facts: a clause never says "two" where the finding has three.
#include "analyzer/finding/gist.h"

#include <algorithm>

#include "analyzer/finding/edge_phrases.h"
#include "analyzer/finding/phrases.h"

namespace gordian::analysis {
namespace {

// Those that belong to the finding: the guilty ones of its graph, else all that it names.
std::vector<const ActorRef*> members_of(const Finding& finding) {
  std::vector<const ActorRef*> members;
  for (const GraphNode& node : finding.graph.nodes) {
    if (node.guilty && node.kind == NodeKind::actor) members.push_back(&node.actor);
  }
  if (members.empty()) {
    for (const ActorRef& actor : finding.actors) members.push_back(&actor);
  }
  return members;
}

// "1 goroutine", "2 threads", "3 goroutines and threads".
std::string counted_actors(const Finding& finding) {
  WaitGraph members;  // only the guilty ones have a say in what they are called
  for (const ActorRef* actor : members_of(finding)) members.nodes.emplace_back().actor = *actor;
  const std::size_t count = guilty_actors(finding);
  const std::string_view noun = actor_noun(members);
  if (count == 1) return "1 " + std::string(noun);
  return grouped(count) + (noun == "goroutine or thread" ? " goroutines and threads" : " " + std::string(noun) + "s");
}

std::string subject(const Finding& finding) {
  const std::vector<const ActorRef*> members = members_of(finding);
  return guilty_actors(finding) == 1 && members.size() == 1 ? name_of(*members.front()) : counted_actors(finding);
}

std::string deed(Role role) {
  switch (role) {
    case Role::reads:
      return "read";
    case Role::writes:
      return "written";
    case Role::atomically_reads:
      return "read atomically";
    case Role::atomically_writes:
      return "written atomically";
    default:
      return "used";
  }
}

// The memory goes while somebody may still use it.
std::string end_gist(const Finding& finding, const ActorRef& ender) {
  const ActorRef& user = finding.actors[&ender == &finding.actors[0] ? 1 : 0];
  const std::string name = bare_name_of(finding.object);
  const std::string use = " while " + name_of(user) + " " + std::string(word_of(user.role)) + " it";
  return ender.role == Role::frees ? name + " is freed by " + name_of(ender) + use
                                   : name + " is on the stack of " + name_of(ender) + ", which ends" + use;
}

std::string race_gist(const Finding& finding) {
  const std::string name = bare_name_of(finding.object);
  if (finding.actors.size() < 2) return name + " is accessed without order";
  if (const ActorRef* ender = ender_of(finding)) return end_gist(finding, *ender) + ": nothing orders the two";
  const std::string first = deed(finding.actors[0].role);
  const std::string second = deed(finding.actors[1].role);
  const std::string deeds = first == second ? first + " by both" : first + " and " + second;
  return name + " is " + deeds + ", and nothing orders the two";
}

std::string lock_order_gist(const Finding& finding) {
  std::vector<const ObjectRef*> locks;
  for (const GraphNode& node : finding.graph.nodes) {
    if (node.guilty && node.kind == NodeKind::object) locks.push_back(&node.object);
  }
  if (locks.size() == 1) return name_of(*locks.front()) + " is locked again by one who holds it";
  return locks.size() <= 2 ? "2 locks are taken in opposite orders"
                           : grouped(locks.size()) + " locks are taken in a circle";
}

std::string ring_gist(const Finding& finding) {
  switch (guilty_actors(finding)) {
    case 1:
      return subject(finding) + " waits for what it holds itself";
    case 2:
      return counted_actors(finding) + " wait for each other for ever";
    default:
      return counted_actors(finding) + " wait in a circle for ever";
  }
}

std::string deadlock_gist(const Finding& finding) {
  if (is_ring(finding.graph)) return ring_gist(finding);
  return finding.subkind == "all-asleep"
             ? "all " + std::string(actor_noun(finding)) + "s are asleep, none can wake another"
             : counted_actors(finding) + " can only be woken by each other";
}

std::string waiting_gist(const Finding& finding, const std::string& ending) {
  const bool one = guilty_actors(finding) == 1;
  return subject(finding) + (one ? " waits " : " wait ") + ending;
}

// Two calls that nothing orders: what luck prevented, or not.
std::string unordered_gist(const Finding& finding) {
  if (finding.subkind == "close-during-send") {
    return "nothing orders a send and the close: in another run the send may come too late and panic";
  }
  if (finding.subkind == "waitgroup-reused") {
    return "an add() begins the next round, and nothing orders it after a wait() of the round before";
  }
  return finding.certainty == Certainty::observed
             ? "a wait() returned before the first add(), and nothing orders the two"
             : "nothing orders an add() from zero and a wait(): in another run wait() may come first and not wait";
}

std::string misuse_gist(const Finding& finding) {
  if (finding.panic == trace::PanicCode::none && finding.actors.size() == 2) return unordered_gist(finding);
  switch (finding.panic) {
#define GORDIAN_PANIC(number, name, fatal, misuse, text) \
  case trace::PanicCode::name:                           \
    return std::string_view(text).empty() ? finding.subkind : text;
#include "runtime/trace/panics.def"
#undef GORDIAN_PANIC
    case trace::PanicCode::none:
      break;
  }
  return finding.subkind.empty() ? "a rule of the library is broken" : finding.subkind;
}

std::string starvation_gist(const Finding& finding) {
  const ActorRef& waiter = finding.actors.front();
  const std::string time = seconds(waiter.waited_ns);
  return name_of(waiter) + " " + std::string(words_of(waiter.reason)) + " " + name_of(finding.object) +
         (time.empty() ? "" : " for " + time) + ", while others who ask later are served " + grouped(finding.times) +
         (finding.times == 1 ? " time" : " times");
}

std::string livelock_gist(const Finding& finding) {
  return counted_actors(finding) + " take a lock and give it back " + grouped(finding.times) +
         " times in a row, because another has the lock that they need next";
}

}  // namespace

std::string gist_of(const Finding& finding) {
  switch (finding.kind) {
    case FindingKind::DataRace:
      return race_gist(finding);
    case FindingKind::LockOrderInversion:
      return lock_order_gist(finding);
    case FindingKind::Deadlock:
      return deadlock_gist(finding);
    case FindingKind::StuckGoroutine:
      return waiting_gist(finding, "for ever, nobody is left to end it");
    case FindingKind::LeakedGoroutine:
      return waiting_gist(finding, "for ever, after main has returned");
    case FindingKind::LostWakeup:
      return waiting_gist(finding, "for a signal that came before it waited");
    case FindingKind::Misuse:
      return misuse_gist(finding);
    case FindingKind::Starvation:
      return starvation_gist(finding);
    case FindingKind::Livelock:
      return livelock_gist(finding);
  }
  return finding.subkind;
}

bool is_ring(const WaitGraph& graph) {
  const std::vector<std::size_t> steps = guilty_steps(graph);
  if (steps.empty()) return false;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const GraphEdge& edge = graph.edges[steps[i]];
    const GraphEdge& next = graph.edges[steps[(i + 1) % steps.size()]];
    if (edge.to != next.from || edge.kind == EdgeKind::wake_nobody) return false;
  }
  return true;
}

std::size_t guilty_actors(const Finding& finding) {
  std::size_t count = 0;
  for (const GraphNode& node : finding.graph.nodes) {
    if (node.guilty && node.kind == NodeKind::actor) count += node.count;
  }
  return count != 0 ? count : finding.actors.size();
}

}  // namespace gordian::analysis
