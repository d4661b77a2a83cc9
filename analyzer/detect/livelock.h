// SPDX-License-Identifier: Apache-2.0
// Livelock: two or more take a lock each, fail to get the next one's, give their own back and begin again, round after
// round; all run, none gets on.
//
// A *retreat* is lock, failed attempt at another lock, unlock, with nothing else in between. A *streak* is a row of
// retreats of one actor with the same two locks, in which it did nothing else that a trace can show (a pause is
// nothing) and nobody else got the lock that it took: the tickets follow each other. Streaks form a ring if each one's
// wanted lock is the next one's own. A *round* is a stretch of time in which each of the ring retreated at least once,
// proven by the times of blocks and switches: who never pauses leaves no times, and is not reported.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/model/flat_map.h"

namespace gordian::analysis {

class Livelock : public Detector {
 public:
  static constexpr std::uint64_t kRounds = 100;         // so many make a finding
  static constexpr std::size_t kLongestRing = 8;        // longer ones are not looked for
  static constexpr std::size_t kMostTries = 5'000'000;  // streaks that are looked at to prolong a ring

  explicit Livelock(const Scene& scene, std::uint64_t rounds = kRounds) : scene_(scene), rounds_(rounds) {}

  void step(const Step& step) override;
  void finish(std::vector<Finding>& findings) override;

 private:
  struct Apply;

  // One or more retreats that lie between two times of their actor.
  struct Span {
    std::uint64_t from = 0;
    std::uint64_t to = ~std::uint64_t{0};
  };
  struct Streak {
    ActorId actor{};
    ObjectId own{};
    ObjectId wanted{};
    trace::LockMode mode{};  // of the own one
    Place own_place;
    Place wanted_place;
    std::vector<Span> retreats;
    bool got_through = false;  // it got the wanted one in the end
  };
  struct ActorState {
    std::uint64_t time = 0;  // latest known
    std::size_t depth = 0;   // locks that it holds
    ObjectId own{};          // the retreat under way
    ObjectId failed{};
    trace::LockMode mode{};
    Place own_place;
    Place failed_place;
    std::uint64_t next_ticket = 0;  // of the streak's own lock, if nobody else takes it
    Streak streak;                  // none: no retreats
  };
  using Ring = std::vector<const Streak*>;

  ActorState& at(ActorId id);
  void begin(ActorState& actor, const Step& step, ObjectId lock, std::uint64_t ticket, trace::LockMode mode);
  void retreat(ActorState& actor, ActorId id, std::uint64_t ticket);
  void get_on(ActorState& actor, bool got_through = false);
  static std::uint64_t rounds_of(const Ring& ring);
  bool close_ring(Ring& ring);
  void found(const Ring& ring, std::uint64_t rounds);
  [[nodiscard]] Finding make(const Ring& ring, std::uint64_t rounds) const;

  const Scene scene_;
  const std::uint64_t rounds_;
  FlatMap<ActorId, std::uint32_t> numbers_;  // index + 1
  std::deque<ActorState> actors_;
  ActorState* last_ = nullptr;
  ActorId last_id_{};
  std::deque<Streak> streaks_;  // that are long enough
  std::size_t tries_ = 0;
  std::map<std::set<std::pair<Place, Place>>, Finding> found_;  // by the places of its attempts
};

}  // namespace gordian::analysis
