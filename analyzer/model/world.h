// SPDX-License-Identifier: Apache-2.0
// The state of the program at a point of the merged trace: who runs, who is blocked on what, who holds which lock, what
// each channel and counter contains. World::apply() advances it by one step; detectors look at it before that.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analyzer/model/flat_map.h"
#include "analyzer/model/place.h"
#include "analyzer/model/step.h"
#include "runtime/trace/event.h"

namespace gordian::analysis {

struct HeldLock {
  ObjectId object{};
  trace::LockMode mode = trace::LockMode::exclusive;
  Place place;  // where it was locked
};

struct BlockedOn {
  ObjectId object{};
  bool sends = false;  // channels: a send (else a receive)
};

class EventKinds {
 public:
  void insert(trace::EventKind kind) { bits_[static_cast<std::uint8_t>(kind)] = true; }
  [[nodiscard]] bool contains(trace::EventKind kind) const { return bits_[static_cast<std::uint8_t>(kind)]; }

 private:
  std::bitset<256> bits_;
};

enum class ActorStatus : std::uint8_t { runnable, running, blocked, ended };

struct ActorState {
  ActorId id{};
  ActorId parent{};
  bool is_thread = false;
  std::string name;
  Place created;  // of the go statement; empty for main
  ActorStatus status = ActorStatus::runnable;
  std::uint64_t run = 0;
  // While blocked:
  trace::WaitReason reason = trace::WaitReason::none;
  std::vector<BlockedOn> blocked_on;
  Place blocked_at;
  std::uint64_t blocked_cycles = 0;
  Place last_place;             // of its latest event
  std::vector<HeldLock> holds;  // in locking order
  bool awaited = false;         // threads: somebody joined it, or it was detached
};

struct ObjectState {
  ObjectId id{};
  trace::ObjectKind kind = trace::ObjectKind::none;
  std::uint64_t address = 0;
  std::uint64_t capacity = 0;
  Place created;
  bool ended = false;
  // Locks: holders (several readers); semaphores: whoever holds permits, once for each acquisition. Unlocked by another
  // actor than the locker: unlocked_elsewhere.
  std::vector<ActorId> holders;
  bool unlocked_elsewhere = false;
  // Channels.
  std::uint64_t sends = 0;  // completed, those before a fork included
  std::uint64_t receives = 0;
  bool closed = false;
  // Timers, and channels that belong to one: it will go off, and not once only. holders = who set it last, set = where.
  bool timer_pending = false;
  bool timer_repeats = false;
  Place set;
  // WaitGroups; semaphores: permits given; Once: counter 1 while the first call runs, holders = its caller; Cond:
  // signals whose waiters have not come back yet. A barrier's holders have arrived in the round that is not full yet.
  std::int64_t counter = 0;
  // Everybody who ever performed an operation on it, attempts included, with the operations: for "who could still wake
  // it".
  std::map<ActorId, EventKinds> users;
};

// Code of the program that no actor runs, and that may wake one: none, handlers of signals, threads for timers.
enum class UnseenCode : std::uint8_t { none, handlers, threads };

struct PanicRecord {
  trace::PanicCode code{};
  bool fatal = false;
  ActorId actor{};
  ObjectId object{};
  Place place;
  std::string text;
};

class World {
 public:
  World() = default;
  World(World&&) = default;
  World& operator=(World&&) = default;

  void apply(const Step& step);

  [[nodiscard]] const std::map<ActorId, ActorState>& actors() const { return actors_; }
  [[nodiscard]] const std::map<ObjectId, ObjectState>& objects() const { return objects_; }
  [[nodiscard]] const ActorState* actor(ActorId id) const;
  [[nodiscard]] const ObjectState* object(ObjectId id) const;
  [[nodiscard]] bool main_returned() const { return main_returned_; }
  [[nodiscard]] bool exited() const { return exited_; }
  [[nodiscard]] const std::vector<PanicRecord>& panics() const { return panics_; }
  [[nodiscard]] UnseenCode unseen_code() const { return unseen_code_; }
  [[nodiscard]] std::uint64_t lost_sync() const { return lost_sync_; }

 private:
  struct Apply;  // one overload per event kind

  ActorState& at(ActorId id);
  ObjectState& at(std::uint64_t object);
  void wake(ActorId id);

  std::map<ActorId, ActorState> actors_;
  std::map<ObjectId, ObjectState> objects_;
  // The nodes of the maps above, which do not move.
  FlatMap<ActorId, ActorState*> actor_index_;
  FlatMap<ObjectId, ObjectState*> object_index_;
  std::vector<PanicRecord> panics_;
  UnseenCode unseen_code_ = UnseenCode::none;
  bool main_returned_ = false;
  bool exited_ = false;
  std::uint64_t lost_sync_ = 0;
};

}  // namespace gordian::analysis
