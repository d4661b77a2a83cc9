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
  return trace::is_event<trace::Go>(step.event) || trace::is_event<trace::ThreadCreate>(step.event) ||
         trace::is_event<trace::TimerCall>(step.event);
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

void LaneRecorder::arrange() {
  arranged_ = true;
  for (auto& [id, actor] : watched_) {
    arrange(actor);
  }
}

void LaneRecorder::arrange(Watched& actor) {
  std::sort(actor.parts.begin(), actor.parts.end(),
            [this](const Part& a, const Part& b) { return side_of(a).access.last() < side_of(b).access.last(); });
  std::map<ActorId, std::size_t> peers;
  for (Part& part : actor.parts) {
    const ActorId other = races_[part.race].sides[1 - part.side].actor;
    const auto [known, is_new] = peers.try_emplace(other, actor.peers.size());
    if (is_new) {
      actor.peers.push_back({&watched_.at(other), 0, {}});
    }
    actor.peers[known->second].parts.push_back(&part);
    if (!side_of(part).held.empty()) {
      actor.with_locks.push_back(&part);
    }
  }
}

void LaneRecorder::step(const Step& step) {
  if (!arranged_) {
    arrange();
  }
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
  const std::uint64_t number = actor.latest.number;
  while (actor.first_near < actor.parts.size() &&
         side_of(actor.parts[actor.first_near]).access.last() + kNear < number) {
    ++actor.first_near;
  }
  for (std::size_t i = actor.first_near; i < actor.parts.size(); ++i) {
    LaneSide& side = side_of(actor.parts[i]);
    if (side.access.last() > number + kNear) {
      break;
    }
    if (is_near(side, number)) {
      side.events[number] = actor.latest;
    }
  }
  if (deed.act == Act::lock || deed.act == Act::read_lock) {
    std::erase_if(actor.with_locks, [&](const Part* part) { return is_after(side_of(*part), number); });
    for (const Part* part : actor.with_locks) {
      keep_lock(*part, actor.latest);
    }
  }
}

void LaneRecorder::keep_lock(const Part& part, const LaneRecord& record) {
  LaneSide& side = side_of(part);
  const std::uint64_t lock = record.deed.object;
  if (std::find(side.held.begin(), side.held.end(), ObjectId(lock)) == side.held.end()) {
    return;
  }
  std::erase_if(side.events,
                [&](const auto& entry) { return entry.second.deed.object == lock && !is_near(side, entry.first); });
  side.events[record.number] = record;
}

// Nobody may take the slot of an actor without knowing of its racy access.
void LaneRecorder::keep_used(Watched& actor) {
  for (std::size_t i = actor.first_near; i < actor.parts.size(); ++i) {
    const std::uint64_t last = side_of(actor.parts[i]).access.last();
    if (last >= actor.latest.number) {
      actor.clock->last_used = last == actor.latest.number ? actor.clock->now() : actor.clock->last_used;
      return;
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
  for (Peer& peer : actor.peers) {
    const Watched& other = *peer.other;
    if (other.clock == nullptr) {
      continue;
    }
    // A slot may have had another actor before, and may go to another one after.
    const Time time = std::min(actor.clock->clock.at(other.clock->slot), other.clock->now());
    if (time < other.first_time || time <= peer.known) {
      continue;
    }
    peer.known = time;
    if (const LaneRecord* from = event_at(other, time)) {
      for (Part* const part : peer.parts) {
        order(*part, *from, actor.latest);
      }
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
