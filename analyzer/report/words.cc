// SPDX-License-Identifier: Apache-2.0
// One function per kind; what is said of a finding is read off its facts, never guessed: a hint that would be wrong for
// some shape of a finding is not given for that shape.
#include "analyzer/report/words.h"

#include <algorithm>

#include "analyzer/finding/edge_phrases.h"
#include "analyzer/finding/gist.h"
#include "analyzer/finding/phrases.h"
#include "analyzer/report/misuse_words.h"

namespace gordian::analysis::report {
namespace {

using trace::ObjectKind;

bool is_atomic(Role role) { return role == Role::atomically_reads || role == Role::atomically_writes; }
bool is_lock(const ObjectRef& object) {
  return object.sync_kind == ObjectKind::mutex || object.sync_kind == ObjectKind::rwmutex;
}

std::string locks_of(const ActorRef& actor) {
  std::string names;
  for (const Hold& hold : actor.holds) names += (names.empty() ? "" : " and ") + bare_name_of(hold.object);
  return names;
}

const Hold* common_lock(const ActorRef& a, const ActorRef& b) {
  const auto found = std::find_if(a.holds.begin(), a.holds.end(),
                                  [&](const Hold& hold) { return hold_of(b, hold.object.id) != nullptr; });
  return found == a.holds.end() ? nullptr : &*found;
}

// --- data races

std::string race_locks(const ActorRef& a, const ActorRef& b) {
  const std::string first = short_name(a), second = short_name(b);
  if (const Hold* common = common_lock(a, b)) {
    return "both hold " + bare_name_of(common->object) + ", but readers do not exclude each other";
  }
  if (a.holds.empty() && b.holds.empty()) return "neither holds a lock";
  if (!a.holds.empty() && !b.holds.empty()) {
    return first + " holds " + locks_of(a) + ", " + second + " holds " + locks_of(b) + ": no lock in common";
  }
  const bool a_holds = !a.holds.empty();
  return (a_holds ? first : second) + " holds " + locks_of(a_holds ? a : b) + ", " + (a_holds ? second : first) +
         " holds no lock";
}

std::string race_explanation(const Finding& race) {
  if (race.actors.size() < 2) return "nothing orders the accesses";
  const ActorRef& a = race.actors[0];
  const ActorRef& b = race.actors[1];
  if (ender_of(race) != nullptr) {
    return race_locks(a, b) + "; no channel, WaitGroup, Once or join makes the end of the memory wait for the access";
  }
  std::string text = race_locks(a, b) + "; no channel, WaitGroup, Once or join leads from one access to the other";
  if (is_atomic(a.role) != is_atomic(b.role)) text += ", and an atomic access protects nothing from a plain one";
  return text;
}

// The side that goes on after `go` without waiting for what it started.
std::string unawaited(const ActorRef& parent, const ActorRef& child) {
  return "let " + short_name(parent) + " wait for " + short_name(child) + " first (WaitGroup, channel)";
}

std::string race_hint(const Finding& race) {
  const std::string name = bare_name_of(race.object);
  const std::string either = ", or make " + (race.object.name.empty() ? "it" : name) + " a std::atomic";
  if (race.actors.size() < 2) return "protect every access with one mutex" + either;
  const ActorRef& a = race.actors[0];
  const ActorRef& b = race.actors[1];
  if (const ActorRef* ender = ender_of(race)) {
    const std::string wait = "let " + short_name(*ender) + " wait for " + short_name(ender == &a ? b : a);
    return ender->role == Role::frees ? wait + " before it frees, or share the ownership (std::shared_ptr)"
                                      : wait + " before it returns, or keep " + name + " where it outlives both";
  }
  if (is_atomic(a.role) != is_atomic(b.role)) {
    return "make the access of " + short_name(is_atomic(a.role) ? b : a) + " atomic as well";
  }
  if (common_lock(a, b) != nullptr) return "take the lock for writing on the side that writes";
  if (a.holds.empty() != b.holds.empty()) {
    const ActorRef& with = a.holds.empty() ? b : a;
    const ActorRef& without = a.holds.empty() ? a : b;
    const Frame* at = user_frame(without.stack);
    return "take " + bare_name_of(with.holds.front().object) + " in " + short_name(without) + " too" +
           (at != nullptr ? " (" + place_of(*at) + ")" : "") + (is_atomic(a.role) ? "" : either);
  }
  if (a.parent == b.id && b.id) return unawaited(b, a) + ", or protect every access with one mutex";
  if (b.parent == a.id && a.id) return unawaited(a, b) + ", or protect every access with one mutex";
  return "protect every access with one mutex" + either;
}

// --- waits

bool ring_has(const WaitGraph& graph, bool (*test)(const ObjectRef&)) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [test](const GraphNode& node) {
    return node.kind == NodeKind::object && node.guilty && test(node.object);
  });
}

bool is_not_lock(const ObjectRef& object) { return !is_lock(object); }

// The guilty edge that leads to nobody, if there is one.
const GraphEdge* dead_end(const WaitGraph& graph) {
  const auto found = std::find_if(graph.edges.begin(), graph.edges.end(), [](const GraphEdge& edge) {
    return edge.guilty && edge.kind == EdgeKind::wake_nobody;
  });
  return found == graph.edges.end() ? nullptr : &*found;
}

// A lock that someone keeps while waiting for a channel or a counter.
const ActorRef* holds_while_waiting(const Finding& finding) {
  const auto found = std::find_if(finding.actors.begin(), finding.actors.end(), [](const ActorRef& actor) {
    return !actor.holds.empty() && !actor.objects.empty() && !is_lock(actor.objects.front());
  });
  return found == finding.actors.end() ? nullptr : &*found;
}

std::string ring_explanation(const Finding& deadlock) {
  if (guilty_actors(deadlock) != 1) {
    const bool locks_only = !ring_has(deadlock.graph, is_not_lock);
    return std::string("each one waits for what ") +
           (locks_only ? "the next one holds" : "only the next one could do") + ", so none of them can ever go on";
  }
  return ring_has(deadlock.graph, is_lock) ? "a lock is not recursive: its holder waits for itself"
                                           : "it waits for something that only it could do";
}

std::string dead_end_words(const WaitGraph& graph, const GraphEdge& edge) {
  const GraphNode& from = graph.nodes[edge.from];
  const std::string what = nobody_words(graph, edge);
  if (from.kind != NodeKind::object || !from.object.id) return what;
  return what.substr(0, 2) == "no" ? findable_name_of(from.object) + ": " + what : what;
}

// Who reads on while a writer waits for the first reading to end.
bool reads_again(const ActorRef& actor) {
  if (actor.reason != trace::WaitReason::rwmutex_rlock || actor.objects.empty()) return false;
  const Hold* first = hold_of(actor, actor.objects.front().id);
  return first != nullptr && first->mode == trace::LockMode::shared;
}

bool is_recursive_read(const Finding& deadlock) {
  return guilty_actors(deadlock) == 2 && std::any_of(deadlock.actors.begin(), deadlock.actors.end(), reads_again);
}

constexpr std::string_view kRecursiveReadWords =
    "a writer that comes between the two lets no new reader in: the reader then waits for the writer, and the writer "
    "for the reader";
constexpr std::string_view kRecursiveReadHint = "lock it once and call variants that expect it to be held";

std::vector<const GraphEdge*> unserved_ends(const WaitGraph& graph) {
  std::vector<const GraphEdge*> ends;
  for (const GraphEdge& edge : graph.edges) {
    if (edge.guilty && edge.unserved) ends.push_back(&edge);
  }
  return ends;
}

// "channel a: nobody has sent on it so far; channel b: nobody has ...".
std::string unserved_words(const WaitGraph& graph, const std::vector<const GraphEdge*>& ends) {
  std::string text;
  for (std::size_t i = 0; i < std::min(ends.size(), kMostNamed); ++i) {
    text += (i == 0 ? "" : "; ") + dead_end_words(graph, *ends[i]);
  }
  return ends.size() <= kMostNamed ? text : text + "; ... " + grouped(ends.size() - kMostNamed) + " more like that";
}

std::string deadlock_explanation(const Finding& deadlock) {
  std::string text;
  if (is_recursive_read(deadlock)) {
    text = kRecursiveReadWords;
  } else if (is_ring(deadlock.graph)) {
    text = ring_explanation(deadlock);
  } else if (const auto ends = unserved_ends(deadlock.graph); !ends.empty()) {
    text = unserved_words(deadlock.graph, ends);
  } else if (const GraphEdge* end = dead_end(deadlock.graph)) {
    text = dead_end_words(deadlock.graph, *end);
  } else {
    text = "whoever could wake one of them waits for another of them";
  }
  if (deadlock.subkind == "all-asleep")
    text += "; every " + std::string(actor_noun(deadlock)) + " is asleep and no timer is pending";
  return text;
}

std::string waiting_explanation(const Finding& finding) {
  const GraphEdge* end = dead_end(finding.graph);
  std::string text = end != nullptr ? dead_end_words(finding.graph, *end)
                                    : "all who could end the wait are themselves blocked for ever";
  if (finding.kind != FindingKind::LeakedGoroutine) return text;
  const bool one = guilty_actors(finding) == 1;
  text += one ? "; it kept its stack and all it refers to" : "; they kept their stacks and all they refer to";
  text += " until the end";
  return text;
}

// In a hint a number alone would lead nowhere.
std::string hint_name(const ObjectRef& object) {
  return object.name.empty() ? findable_name_of(object) : bare_name_of(object);
}

std::string channel_hint(const ObjectRef& channel, bool sends) {
  const std::string name = hint_name(channel);
  if (!channel.id) return "make the channel with make_chan before it is used";
  if (!sends)
    return "close " + name + " when no more values will come, or select on a second channel that ends the wait";
  return "receive until " + name +
         " is closed, give it room for every value (make_chan<T>(n)), or select on a second "
         "channel that ends the wait";
}

// Everybody is asleep before the first value has passed: a close would only hide that.
std::string first_move_hint(const ObjectRef& channel, bool sends, bool alone) {
  const std::string name = hint_name(channel);
  if (sends) return "receive from " + name + " in another goroutine, or give it room for every value (make_chan<T>(n))";
  const std::string start = "start the goroutine that sends on " + name + " before this wait";
  return alone ? start : "let one of them send before it receives, or " + start;
}

std::string dead_end_hint(const WaitGraph& graph, const GraphEdge& edge) {
  const ObjectRef& object = graph.nodes[edge.from].object;
  switch (object.sync_kind) {
    case ObjectKind::channel:
      return channel_hint(object, edge.sends);
    case ObjectKind::wait_group:
      return "call done() on every path, add() exactly once for each of them: " + bare_name_of(object) +
             ".go(f) does both";
    case ObjectKind::mutex:
    case ObjectKind::rwmutex:
      return "unlock on every path: std::lock_guard does";
    case ObjectKind::cond:
      return "signal after each change that a waiter waits for, and broadcast when no more will come";
    case ObjectKind::semaphore:
      return "release on every path as many permits as were acquired";
    case ObjectKind::posix_semaphore:
      return "post once for each wait, on every path";
    case ObjectKind::atomic:
      return "change it and notify on every path, and count down, arrive or release as often as is waited for";
    case ObjectKind::barrier:
      return "make " + bare_name_of(object) +
             " for as many threads as come to it, and let each of them come every round";
    case ObjectKind::context:
      return "call cancel on every path: a ContextScope does";
    default:
      return "give the wait a second way out, such as a channel that is closed at the end";
  }
}

std::string waiting_hint(const Finding& finding) {
  if (const GraphEdge* end = dead_end(finding.graph)) return dead_end_hint(finding.graph, *end);
  if (const ActorRef* actor = holds_while_waiting(finding)) {
    const Frame* at = user_frame(actor->stack);
    return "release " + bare_name_of(actor->holds.back().object) + " before " + short_name(*actor) + " blocks" +
           (at != nullptr ? " at " + place_of(*at) : "");
  }
  return "give one of the waits a second way out, such as a channel that is closed at the end";
}

std::string deadlock_hint(const Finding& deadlock) {
  if (is_recursive_read(deadlock)) return std::string(kRecursiveReadHint);
  const auto unserved = unserved_ends(deadlock.graph);
  if (!unserved.empty()) {
    const ObjectRef& first = deadlock.graph.nodes[unserved.front()->from].object;
    if (first.sync_kind == ObjectKind::channel) {
      return first_move_hint(first, unserved.front()->sends, guilty_actors(deadlock) == 1);
    }
  }
  const bool locks_only = is_ring(deadlock.graph) && !ring_has(deadlock.graph, is_not_lock);
  if (!locks_only) return waiting_hint(deadlock);
  if (guilty_actors(deadlock) == 1)
    return "unlock before the second lock, or call a variant that expects the lock to be held";
  return "take the locks in the same order everywhere, or together with std::scoped_lock";
}

// --- lock orders

constexpr std::string_view kRecursiveRead = "recursive-read-lock";
constexpr std::string_view kBehindWriter = "behind-writer";

std::string lock_order_explanation(const Finding& order) {
  if (order.subkind == kRecursiveRead) {
    return std::string(kRecursiveReadWords);
  }
  const bool two = guilty_steps(order.graph).size() <= 2;
  std::string text = two ? "when both have their first lock at the same time, each waits for the other's"
                         : "when each of them has its first lock at the same time, each waits for the next one's";
  text += " for ever, and no lock that all of them hold prevents that";
  return order.subkind == kBehindWriter ? text + "; a waiting writer keeps new readers out, so readers hang as well"
                                        : text;
}

std::string lock_order_hint(const Finding& order) {
  return order.subkind == kRecursiveRead
             ? std::string(kRecursiveReadHint)
             : "take the locks in the same order everywhere, or together with std::scoped_lock";
}

// --- starvation, livelock

std::string starvation_explanation(const Finding& finding) {
  std::string text = "the lock goes to whoever comes at the right moment, not to who has waited longest";
  return finding.subkind == "never-served" ? text + "; it was still waiting at the end" : text;
}

std::string starvation_hint(const Finding& finding) {
  const std::string name = hint_name(finding.object);
  return "hold " + name +
         " for a shorter time and pause before taking it again, use a lock that is handed over in order (" +
         (finding.object.sync_kind == ObjectKind::rwmutex ? "gordian::RWMutex" : "gordian::Mutex") +
         "), or give up the wait after a time (try_lock_for)";
}

std::string livelock_explanation(const Finding& finding) {
  const std::string text = "each one gives its lock back when it cannot have the next, and all begin again together";
  return text +
         (finding.subkind == "unresolved" ? "; none of them got through" : "; in the end one of them got through");
}

constexpr std::string_view kLivelockHint =
    "pause for a random time that grows before each new attempt (gordian::Backoff), or take the locks together with "
    "std::scoped_lock";

}  // namespace

std::string explanation_of(const Finding& finding) {
  if (!finding.explanation.empty()) return finding.explanation;
  switch (finding.kind) {
    case FindingKind::DataRace:
      return race_explanation(finding);
    case FindingKind::LockOrderInversion:
      return lock_order_explanation(finding);
    case FindingKind::Deadlock:
      return deadlock_explanation(finding);
    case FindingKind::StuckGoroutine:
    case FindingKind::LeakedGoroutine:
      return waiting_explanation(finding);
    case FindingKind::LostWakeup:
      return "a signal is not kept: who waits after it waits for the next one, and none will come";
    case FindingKind::Misuse:
      return misuse_rule(finding.subkind);
    case FindingKind::Starvation:
      return starvation_explanation(finding);
    case FindingKind::Livelock:
      return livelock_explanation(finding);
  }
  return "";
}

std::string hint_of(const Finding& finding) {
  if (!finding.hint.empty()) return finding.hint;
  switch (finding.kind) {
    case FindingKind::DataRace:
      return race_hint(finding);
    case FindingKind::LockOrderInversion:
      return lock_order_hint(finding);
    case FindingKind::Deadlock:
      return deadlock_hint(finding);
    case FindingKind::StuckGoroutine:
    case FindingKind::LeakedGoroutine:
      return waiting_hint(finding);
    case FindingKind::LostWakeup:
      return "keep the fact in a variable under the lock and wait in a loop until it holds";
    case FindingKind::Misuse:
      return misuse_hint(finding.subkind);
    case FindingKind::Starvation:
      return starvation_hint(finding);
    case FindingKind::Livelock:
      return std::string(kLivelockHint);
  }
  return "";
}

}  // namespace gordian::analysis::report
