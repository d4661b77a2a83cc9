// SPDX-License-Identifier: Apache-2.0
// The happens-before relation of Lamport (1978), as vector clocks: who knows how much of whom, edge by edge as the
// memory models of Go (2022) and C++20 define them. FORMAT.md, "Edges", is the table that this file implements.
//
// An actor's own time advances after each of its releases: what it does later is not covered by what it gave away. One
// clock per actor, one or two per object, one per message on its way through a channel.
// Rejected: a global clock for seq_cst fences. C++20 gives such a fence no happens-before of its own, and an invented
// edge hides races.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "analyzer/model/flat_map.h"
#include "analyzer/model/step.h"
#include "analyzer/model/vector_clock.h"
#include "runtime/base/ids.h"

namespace gordian::analysis {

struct ActorClock {
  ActorId id{};
  std::uint32_t number = 0;  // its place in Clocks::actors()
  Slot slot = 0;
  VectorClock clock;
  VectorClock released_by_fence;  // what relaxed stores publish
  VectorClock seen_relaxed;       // what the next acquire fence takes in
  Time born = 0;                  // its first own time
  Time last_used = 0;             // latest own time that somebody may ask about: of an access, a release
  bool ended = false;

  [[nodiscard]] Time now() const { return clock.at(slot); }
  // Its releases so far: the same each time the trace is shown, whichever slot it got.
  [[nodiscard]] Time age() const { return now() - born; }
  // The present moment, to be asked for later: its slot goes to nobody who does not know it. Who knows the moment knows
  // all that the actor does up to its next release.
  Epoch use() {
    last_used = now();
    return {slot, last_used};
  }
};

// Hears of each release: the actor's present time ends with it.
class ReleaseWatcher {
 public:
  virtual ~ReleaseWatcher() = default;
  virtual void released(const ActorClock& actor) = 0;
};

class Clocks {
 public:
  // Call apply() for each step in the merged order, except atomics: their own access lies between the two halves.
  void apply(const Step& step);
  void acquire_atomic(const Step& step, const trace::Atomic& event);
  void release_atomic(const Step& step, const trace::Atomic& event);
  // Any step, for who looks at no access between the halves of an atomic.
  void follow(const Step& step);
  void watch(ReleaseWatcher* watcher) { watcher_ = watcher; }
  // The actor touches a variable of the thread that it runs on. What a thread does is in one order, whichever actors it
  // runs: the access is one of the thread, which learns all that the actor knows and never forgets it.
  ActorClock& enter_thread(StreamId stream, ActorClock& actor);
  // The memory is no longer what it was: atomics in it are other objects.
  void forget_atomics(std::uint64_t address, std::uint64_t size);

  // Stays at its place for ever.
  ActorClock& actor(ActorId id);
  [[nodiscard]] const std::deque<ActorClock>& actors() const { return actors_; }
  [[nodiscard]] std::size_t live() const { return live_; }

 private:
  struct Apply;

  struct Channel {
    std::uint64_t capacity = 0;
    // Of messages that were sent and not yet received (or, unbuffered, the half that came first), by number.
    std::unordered_map<std::uint64_t, VectorClock> sends;
    std::unordered_map<std::uint64_t, VectorClock> receives;
    std::unordered_map<std::uint64_t, ActorId> first_half;  // unbuffered
    VectorClock closed;
  };
  struct Signal {
    VectorClock clock;
    std::uint64_t waits = 0;  // that it ends and that have not been seen yet
  };
  struct Thread {
    ActorClock clock;
    ActorId last{};  // whose access it was, and when in its life: another one is a new time of the thread
    Time last_time = 0;
  };
  struct Lock {
    VectorClock writers;
    VectorClock readers;
  };

  ActorClock& add(ActorId id);
  void advance(ActorClock& actor);
  void create(const Step& step, std::uint64_t child);
  void create_knowing(const VectorClock& known, std::uint64_t child);
  Slot take_slot(const VectorClock& known, Time& start);
  void end(ActorId id);

  std::deque<ActorClock> actors_;
  FlatMap<ActorId, ActorClock*> by_id_;
  Slot slots_ = 0;
  std::size_t live_ = 0;
  std::vector<ActorClock*> retired_;  // ended, their slots not yet taken
  StableMap<StreamId, Thread> threads_;
  StableMap<std::uint64_t, Channel> channels_;
  StableMap<std::uint64_t, Lock> locks_;
  StableMap<std::uint64_t, VectorClock> gathered_;  // WaitGroups, Onces, semaphores
  StableMap<std::uint64_t, VectorClock> timers_;    // the latest set of each
  std::unordered_map<std::uint64_t, std::unordered_map<std::uint64_t, Signal>> signals_;  // by Cond, by ticket
  ReleaseWatcher* watcher_ = nullptr;
  std::map<std::uint64_t, VectorClock> atomics_;  // what an acquire load of the present value takes in
};

}  // namespace gordian::analysis
