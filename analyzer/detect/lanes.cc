// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/lanes.h"

#include <algorithm>
#include <utility>

namespace gordian::analysis {
namespace {

bool is_near(const LaneSide& side, std::uint64_t number) {
  return number + LaneRecorder::kNear > side.access.before && number <= side.access.last() + LaneRecorder::kNear;
}

// The access itself included, if it is an act.
bool is_after(const LaneSide& side, std::uint64_t number) { return number > side.access.before; }

bool creates(const Step& step) {
  return std::holds_alternative<trace::Go>(step.event) || std::holds_alternative<trace::ThreadCreate>(step.event) ||
         std::holds_alternative<trace::TimerCall>(step.event);
}

ActorId child_of(const Deed& deed) {
  return deed.act == Act::go || deed.act == Act::create_thread ? deed.other : ActorId{};
}

}  // namespace

void LaneRecorder::watch(RaceLanes race) {
  for (std::uint32_t side = 0; side < 2; ++side) {
    Watched& actor = watched_[race.sides[side].actor];
    actor.id = race.sides[side].actor;
    actor.parts.push_back({.race = races_.size(), .side = side});
  }
  races_.push_back(std::move(race));
}

LaneRecorder::Watched* LaneRecorder::watched(ActorId id) {
  const auto found = watched_.find(id);
  return found == watched_.end() ? nullptr : &found->second;
}

void LaneRecorder::appear(Watched& actor, std::uint64_t step) {
  if (actor.clock == nullptr) {
    actor.clock = &clocks_.actor(actor.id);
    actor.first_time = actor.clock->now();
    actor.begun = step;
  }
}

void LaneRecorder::step(const Step& step) {
  ++steps_;
  learning_.clear();
  Watched* const actor = watched(step.actor);
  const std::optional<Deed> deed = actor != nullptr || creates(step) ? deeds_.of(step) : std::nullopt;
  if (actor != nullptr && deed) {
    note(*actor, step, *deed);
  }
  clocks_.follow(step);
  if (actor != nullptr) {
    appear(*actor, 0);
    learning_.push_back(actor);
  }
  if (Watched* const child = deed ? watched(child_of(*deed)) : nullptr) {
    appear(*child, steps_);
    learning_.push_back(child);
  }
  for (Watched* const learner : learning_) {
    if (learner->clock != nullptr) {
      keep_used(*learner);
      learn(*learner);
    }
  }
}

void LaneRecorder::note(Watched& actor, const Step& step, const Deed& deed) {
  actor.latest = {deed, step.place, actor.latest.number + 1, steps_};
  for (const Part& part : actor.parts) {
    LaneSide& side = races_[part.race].sides[part.side];
    if (is_near(side, actor.latest.number)) {
      side.events[actor.latest.number] = actor.latest;
    }
    const bool locks = deed.act == Act::lock || deed.act == Act::read_lock;
    if (locks && !is_after(side, actor.latest.number) &&
        std::find(side.held.begin(), side.held.end(), ObjectId(deed.object)) != side.held.end()) {
      std::erase_if(side.events, [&](const auto& entry) {
        return entry.second.deed.object == deed.object && !is_near(side, entry.first);
      });
      side.events[actor.latest.number] = actor.latest;
    }
  }
}

// Nobody may take the slot of an actor without knowing of its racy access.
void LaneRecorder::keep_used(Watched& actor) {
  for (const Part& part : actor.parts) {
    if (actor.latest.number == races_[part.race].sides[part.side].access.last()) {
      actor.clock->last_used = actor.clock->now();
    }
  }
}

// In a rendezvous also the side learns that came first.
void LaneRecorder::released(const ActorClock& actor) {
  if (Watched* const by = watched(actor.id)) {
    by->released.push_back({actor.now(), by->latest});
    if (by->released.size() > kRemembered) {
      by->released.pop_front();
    }
    learning_.push_back(by);
  }
}

// The act that ended this time. Who was joined gave its last time away without any end.
const LaneRecord* LaneRecorder::event_at(const Watched& actor, Time time) {
  const auto found = std::lower_bound(actor.released.begin(), actor.released.end(), time,
                                      [](const Released& released, Time wanted) { return released.time < wanted; });
  if (found == actor.released.end()) {
    return &actor.latest;
  }
  return found->time == time ? &found->by : nullptr;
}

void LaneRecorder::learn(Watched& actor) {
  for (Part& part : actor.parts) {
    const RaceLanes& race = races_[part.race];
    const Watched& other = watched_.at(race.sides[1 - part.side].actor);
    if (other.clock == nullptr) {
      continue;
    }
    // A slot may have had another actor before, and may go to another one after.
    const Time time = std::min(actor.clock->clock.at(other.clock->slot), other.clock->now());
    if (time < other.first_time || time <= part.known) {
      continue;
    }
    part.known = time;
    if (const LaneRecord* from = event_at(other, time)) {
      order(part, *from, actor.latest);
    }
  }
}

void LaneRecorder::order(Part& part, const LaneRecord& from, const LaneRecord& to) {
  RaceLanes& race = races_[part.race];
  const LaneSide& source = race.sides[1 - part.side];
  const LaneSide& target = race.sides[part.side];
  const LaneKnowledge order{from, to, part.side};
  const bool is_first_after = is_after(source, from.number) && !part.heard_after;
  part.heard_after = part.heard_after || is_first_after;
  if (to.number == 0 || is_near(source, from.number) || is_near(target, to.number) || is_first_after) {
    race.orders.push_back(order);
  } else if (to.number <= target.access.last()) {
    part.last_before = order;
  }
}

std::vector<RaceLanes> LaneRecorder::take() {
  for (auto& [id, actor] : watched_) {
    for (Part& part : actor.parts) {
      RaceLanes& race = races_[part.race];
      race.sides[part.side].acts = actor.latest.number;
      race.sides[part.side].begun = actor.begun;
      if (part.last_before.from.number != 0) {
        race.orders.push_back(part.last_before);
      }
    }
  }
  return std::move(races_);
}

}  // namespace gordian::analysis
