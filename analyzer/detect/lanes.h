// SPDX-License-Identifier: Apache-2.0
// What the two sides of each race did around their accesses, and how they came into an order with each other: recorded
// while the trace is shown once more, without its accesses.
//
// An order between the two lanes is a growth of knowledge: when the clock of one side takes in a later time of the
// other, the event that ended that time comes before the event that took it in (Lamport 1978), whatever kinds they are,
// and whether directly or through others. Kept are those with an end within kNear events of an access, the last ones
// before the accesses and the first ones after them, in both directions: what is left out lies further off and says no
// more.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <vector>

#include "analyzer/detect/acts.h"
#include "analyzer/detect/clocks.h"
#include "analyzer/detect/find_accesses.h"
#include "analyzer/model/step.h"

namespace gordian::analysis {

// An act in its lane. Number 0 is the lane's beginning.
struct LaneRecord {
  Deed deed;
  Place place;
  std::uint64_t number = 0;  // of the actor's acts, from 1
  std::uint64_t step = 0;    // of the merged trace
};

struct LaneSide {
  ActorId actor{};
  AccessFinder::Found access;
  std::vector<ObjectId> held;  // their locking is kept, however far back
  std::map<std::uint64_t, LaneRecord> events = {};
  std::uint64_t acts = 0;   // of the whole lane
  std::uint64_t begun = 0;  // the step that created it
};

struct LaneKnowledge {
  LaneRecord from;
  LaneRecord to;
  std::uint32_t to_side = 0;
};

struct RaceLanes {
  std::array<LaneSide, 2> sides;
  std::vector<LaneKnowledge> orders = {};
};

class LaneRecorder : public Observer, private ReleaseWatcher {
 public:
  static constexpr std::uint64_t kNear = 3;
  // Releases of an actor that are remembered: an order that begins further back is left out.
  static constexpr std::size_t kRemembered = 1 << 16;

  explicit LaneRecorder(const Scene& scene) : deeds_(scene) { clocks_.watch(this); }
  LaneRecorder(const LaneRecorder&) = delete;
  LaneRecorder& operator=(const LaneRecorder&) = delete;

  // Before the trace is shown.
  void watch(RaceLanes race);
  void step(const Step& step) override;
  // After it.
  std::vector<RaceLanes> take();

 private:
  struct Released {
    Time time = 0;
    LaneRecord by;
  };
  // One side of one race, from the side of its actor.
  struct Part {
    std::size_t race = 0;
    std::uint32_t side = 0;
    bool heard_after = false;
    LaneKnowledge last_before = {};
  };
  struct Watched;
  // An actor that it races with, and what it knows of that one.
  struct Peer {
    Watched* other = nullptr;
    Time known = 0;
    std::vector<Part*> parts;
  };
  // An actor may be a side of very many races, and takes very many steps: each looks only at the parts whose accesses
  // are near.
  struct Watched {
    ActorId id{};
    ActorClock* clock = nullptr;  // null until it was created
    Time first_time = 0;
    std::uint64_t begun = 0;
    LaneRecord latest;
    std::deque<Released> released;
    std::vector<Part> parts;              // by their accesses, once the trace is shown
    std::size_t first_near = 0;           // of them: those before lie behind
    std::vector<const Part*> with_locks;  // held at the access, and it is still to come
    std::vector<Peer> peers;
  };

  void released(const ActorClock& actor) override;
  Watched* watched(ActorId id);
  void arrange();
  void arrange(Watched& actor);
  void appear(Watched& actor, std::uint64_t step);
  void note(Watched& actor, const Step& step, const Deed& deed);
  void keep_lock(const Part& part, const LaneRecord& record);
  void keep_used(Watched& actor);
  void learn(Watched& actor);
  [[nodiscard]] LaneSide& side_of(const Part& part) { return races_[part.race].sides[part.side]; }
  void order(Part& part, const LaneRecord& from, const LaneRecord& to);
  static const LaneRecord* event_at(const Watched& actor, Time time);

  Deeds deeds_;
  Clocks clocks_;
  std::unordered_map<ActorId, Watched> watched_;
  std::vector<Watched*> learning_;  // in this step
  std::vector<RaceLanes> races_;
  std::uint64_t steps_ = 0;
  bool arranged_ = false;
};

}  // namespace gordian::analysis
