// SPDX-License-Identifier: Apache-2.0
// Who asked for a lock or a channel, since when, until when, and how often others were served first. A request begins
// with its first Block and ends with the operation that it waited for, however often its actor was woken in between.
//
// Only what the trace proves is counted. The merged order is one of several, so it does not say who asked first: that
// takes times. `floor` of an actor is a time before which its next event cannot lie: its own latest Block or Switch,
// and whatever it learnt from others (by waking them, or by taking a lock after them). A later request was served
// before a waiting one if its floor was not below the waiting one's beginning, and its ticket is below the waiting
// one's.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "analyzer/model/flat_map.h"
#include "analyzer/model/place.h"
#include "analyzer/model/step.h"
#include "runtime/trace/event.h"

namespace gordian::analysis {

using Cycles = std::uint64_t;

// Who was served before a waiting one: all, and the one who was so most often, with a place where.
struct Bypass {
  std::uint64_t count = 0;  // of all actors
  ActorId most{};
  std::uint64_t by_most = 0;
  Place place;
};

struct Request {
  ActorId actor{};
  ObjectId object{};
  trace::WaitReason reason = trace::WaitReason::none;
  bool is_timed = false;  // it would have ended without being served
  bool is_open = false;   // it had not ended when the trace did
  Place place;            // where it blocked first
  Cycles began = 0;
  Cycles ended = 0;
  Bypass bypass;
};

struct LockHold {
  ObjectId object{};
  Place place;
  Cycles at_least = 0;
};

class RequestSink {
 public:
  virtual ~RequestSink() = default;
  virtual void request(const Request& request) = 0;  // it ended, or the trace did
  virtual void hold(const LockHold& hold) = 0;
};

class Requests {
 public:
  // Of the acquisitions of one lock, equal ones counted as one, so many are remembered: more bypasses are not counted.
  static constexpr std::size_t kRemembered = 1024;

  explicit Requests(RequestSink& sink) : sink_(sink) {}

  void step(const Step& step);
  // Reports what had not ended by `end`, or by the latest time that a step told.
  void finish(Cycles end);

 private:
  struct Apply;

  // Acquisitions in a row by one actor whose requests cannot have begun before `floor`.
  struct Served {
    ActorId actor{};
    Cycles floor = 0;
    std::uint64_t count = 0;
    Place place;
  };
  struct LockState {
    Cycles floor = 0;
    std::vector<Served> served;
    std::vector<std::uint32_t> holders;  // numbers of actors
  };
  struct Open {
    LockHold hold;
    trace::LockMode mode = trace::LockMode::exclusive;
    Cycles since = 0;  // it had begun by then; 0 = no time is known yet
  };
  struct ActorTimes {
    std::uint32_t number = 0;
    Cycles floor = 0;
    Cycles switched = 0;  // latest Switch
    bool is_blocked = false;
    bool is_served = false;   // by another one: the wait lasts until its own Switch
    Request request;          // object 0: none
    std::vector<Open> holds;  // in locking order
  };

  ActorTimes& at(ActorId id);
  void passes(ActorTimes& actor, Cycles time);
  void acquire(const Step& step, ObjectId lock);
  void hold(const Step& step, ObjectId lock, trace::LockMode mode);
  void release(const Step& step, ObjectId lock, trace::LockMode mode);
  bool end_hold(std::uint32_t holder, LockState& state, ObjectId lock, trace::LockMode mode, Cycles floor);
  void end_request(ActorTimes& actor, ObjectId object);
  void abandon(ActorTimes& actor);
  void report(ActorTimes& actor, Cycles ended);
  void report_rest(ActorTimes& actor);
  static Bypass bypass_of(const LockState& lock, const Request& request);
  static void remember(LockState& lock, const Served& served);

  RequestSink& sink_;
  FlatMap<ActorId, std::uint32_t> numbers_;  // index + 1
  std::deque<ActorTimes> actors_;            // stay at their places
  ActorTimes* last_ = nullptr;
  ActorId last_id_{};
  FlatMap<ObjectId, LockState> locks_;
  Cycles latest_ = 0;
};

}  // namespace gordian::analysis
