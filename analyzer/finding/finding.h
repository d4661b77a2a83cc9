// SPDX-License-Identifier: Apache-2.0
// What a detector says, as data: who, where, on what, and why. Detectors fill it, reports and drawings read it; nothing
// here formats a sentence, and nothing that reads it decides anything.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/ids.h"
#include "runtime/trace/event.h"
#include "runtime/trace/site_table.h"

namespace gordian::analysis {

enum class FindingKind : std::uint8_t {
#define GORDIAN_FINDING(Name, json_name, headline, letter) Name,
#include "analyzer/finding/findings.def"
#undef GORDIAN_FINDING
};

enum class Certainty : std::uint8_t { observed, predicted, potential };

// One line of a stack, symbolised. internal: of Gordian's own headers or the standard library, folded in text.
struct Frame {
  std::string function;
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  bool internal = false;
  friend bool operator==(const Frame&, const Frame&) = default;
};
using Stack = std::vector<Frame>;  // innermost first

enum class ObjectClass : std::uint8_t { none, global, heap, stack, field, thread_local_variable, sync };

// A piece of memory or a synchronisation object.
struct ObjectRef {
  ObjectClass object_class = ObjectClass::none;
  trace::ObjectKind sync_kind = trace::ObjectKind::none;  // for sync
  ObjectId id{};                                          // for sync
  std::string name;                                       // `counter`, `Account::mu`, or "" when unknown
  bool shares_name = false;  // for sync: another object of the finding has that name as well
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::uint64_t capacity = 0;  // of a channel or a semaphore; how many threads a barrier waits for
  std::uint64_t length = 0;  // of a channel at the end; WaitGroup: counter; semaphore: permits given; barrier: arrived
  Frame declared;            // file empty = unknown
  Stack created;             // where it was allocated or first used
};

struct Hold {
  ObjectRef object;
  trace::LockMode mode = trace::LockMode::exclusive;
  Stack stack;  // where it was locked
};

enum class ActorKind : std::uint8_t { goroutine, thread };
enum class Role : std::uint8_t {
  reads,
  writes,
  atomically_reads,
  atomically_writes,
  frees,
  ends,       // data race: its stack is given back
  requests,   // lock order: holds.back() or holds, requests `object`
  waits,      // deadlock, stuck, leaked
  performs,   // misuse
  overtakes,  // starvation: was served although it asked later
  retries,    // livelock: gives back what it has, because it fails to get what it wants
};

struct ActorRef {
  ActorId id{};
  ActorKind kind = ActorKind::goroutine;
  std::string name;  // set_goroutine_name, or ""
  Role role = Role::performs;
  trace::WaitReason reason = trace::WaitReason::none;  // for waits
  std::vector<ObjectRef> objects;                      // what it waits for or requests (several: select)
  Stack stack;                                         // where it does so
  std::vector<Hold> holds;
  std::uint32_t count = 1;  // of equal goroutines that it stands for
  Stack created;            // empty for main
  ActorId parent{};
  ActorKind parent_kind = ActorKind::goroutine;
  std::uint64_t waited_ns = 0;
};

// Wait-for or lock-order graph of a finding (../drawing draws it, text quotes its steps). Edges point from who waits to
// what it cannot go on without: waiter -> resource -> holder.
enum class NodeKind : std::uint8_t { actor, object, select, nobody };
enum class EdgeKind : std::uint8_t {
  waits,        // actor waits for object (AND)
  held,         // object is held by actor
  or_wait,      // select -> object: one case of several
  wake,         // object -> actor: can only be woken by
  wake_nobody,  // object -> nobody: no one is left who could, or (unserved) no one has begun to
  order,        // lock order: holding `from`, requested `to`
};

struct GraphNode {
  NodeKind kind = NodeKind::actor;
  ActorRef actor;    // kind actor, select
  ObjectRef object;  // kind object; nobody: the object it stands for
  bool guilty = false;
  std::uint32_t count = 1;  // of equal goroutines drawn as one
};

struct GraphEdge {
  std::uint32_t from = 0;  // index into nodes
  std::uint32_t to = 0;
  EdgeKind kind = EdgeKind::waits;
  bool guilty = false;
  bool sends = false;     // or_wait, waits, wake on a channel: the waiting side sends (else receives)
  bool unserved = false;  // wake_nobody, all asleep: nobody ever did what is waited for
  std::string step;       // "1", "2b"; "" when not guilty
  Frame where;            // where it waits, where it was locked; wake_nobody of a Cond: its signal, if too early
  ActorId actor{};        // order: who
  ActorKind actor_kind = ActorKind::goroutine;
  std::uint64_t count = 1;       // order: how often
  std::vector<ObjectRef> gates;  // order: gate locks that make it harmless
};

struct WaitGraph {
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
  std::uint32_t not_drawn = 0;  // actors that can proceed
};

// Data race: two source places that raced. Of several on one object in one pair of functions, `actors` has the first.
struct RacePair {
  Frame earlier;  // the innermost frame that is not internal
  Frame later;
  Role earlier_role = Role::reads;
  Role later_role = Role::reads;
  std::uint64_t count = 1;
};

// Data race: a source place that was not recorded, because a recorded one stands for it: if it was executed, it raced
// as that one did.
struct StandIn {
  Frame left_out;
  Role role = Role::reads;
  friend bool operator==(const StandIn&, const StandIn&) = default;
};

// What an actor did that can put it in an order with others.
enum class Act : std::uint8_t {
#define GORDIAN_ACT(name, words, noun) name,
#include "analyzer/finding/acts.def"
#undef GORDIAN_ACT
};

// Data race: one event of a side's lane.
struct LaneEvent {
  Act act = Act::access;
  ObjectRef object;  // sync object, or the atomic; none for the access itself, go, end ...
  ActorId other{};   // whom it created or joined
  ActorKind other_kind = ActorKind::goroutine;
  std::uint64_t message = 0;  // of a channel, from 1: which one was sent or received
  Frame where;
  std::uint64_t hidden_before = 0;  // of the actor's events, between the previous one here and this one
  // Place in an order in which all of both lanes may have happened. Equal only for the two accesses, for both halves of
  // a rendezvous, and for two beginnings.
  std::uint32_t rank = 0;
};

// What one side of a race did around its access: first its beginning, last what came after.
struct Lane {
  std::vector<LaneEvent> events;
  std::size_t access = 0;  // index into events
  std::uint64_t hidden_after = 0;
};

// What the two sides knew of each other: an event of one lane, and the event of the other that it had to come before.
struct LaneOrder {
  std::uint32_t from_lane = 0;  // the other lane is the target's
  std::size_t from = 0;         // index into its events
  std::size_t to = 0;
  bool direct = true;  // the two synchronised with each other, not through others
  bool both = false;   // a rendezvous: each had to come before what followed the other
};

// What of its holds is on this lock; null if none is.
const Hold* hold_of(const ActorRef& actor, ObjectId lock);

struct Finding {
  std::string id;  // "G-" + 8 hex digits: stable across runs (finding_id.h)
  FindingKind kind = FindingKind::DataRace;
  std::string subkind;  // fixed words: write-write, read-write, all-asleep, partial, double-close ...
  Certainty certainty = Certainty::observed;
  ObjectRef object;
  std::vector<ActorRef> actors;
  std::vector<RacePair> pairs;
  std::vector<StandIn> stand_ins;
  std::vector<Lane> lanes;  // data race: one per actor, in their order
  std::vector<LaneOrder> orders;
  std::vector<std::string> follows;  // data race: ids of races without which it might not be (detect/first_races.h)
  WaitGraph graph;
  std::uint64_t occurrences = 1;
  std::uint64_t times = 0;  // starvation: how often others were served first; livelock: rounds without progress
  std::string explanation;  // detectors leave it empty; report/words.cc fills it from kind, subkind and the facts
  std::string hint;
  trace::PanicCode panic = trace::PanicCode::none;  // misuse: what the runtime said
};

}  // namespace gordian::analysis
