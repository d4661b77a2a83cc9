// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/livelock.h"

#include <algorithm>
#include <utility>

#include "analyzer/detect/describe.h"

namespace gordian::analysis {

struct Livelock::Apply {
  Livelock& livelock;
  const Step& step;

  [[nodiscard]] ActorState& self() const { return livelock.at(step.actor); }

  template <class Event>
  void operator()(const Event& /*something that one does who gets on*/) const {
    livelock.get_on(self());
  }
  // Pauses, and what shows no progress.
  void operator()(std::monostate) const {}
  void operator()(const trace::Ready&) const {}
  void operator()(const trace::Name&) const {}
  void operator()(const trace::Object&) const {}
  void operator()(const trace::Alloc&) const {}
  void operator()(const trace::Free&) const {}
  void operator()(const trace::Atomic& event) const {
    if (static_cast<trace::AtomicOp>(event.op) != trace::AtomicOp::load) {
      livelock.get_on(self());
    }
  }
  void operator()(const trace::Block& event) const { passes(event.cycles); }
  void operator()(const trace::Switch& event) const { passes(event.cycles); }
  void passes(std::uint64_t cycles) const {
    ActorState& actor = self();
    actor.time = std::max(actor.time, cycles);
    if (!actor.streak.retreats.empty()) {
      Span& latest = actor.streak.retreats.back();
      latest.to = std::min(latest.to, actor.time);
    }
  }

  void operator()(const trace::Lock& event) const { taken(event); }
  void operator()(const trace::TryLock& event) const { taken(event); }
  template <class Event>
  void taken(const Event& event) const {
    ActorState& actor = self();
    if (++actor.depth == 1) {
      livelock.begin(actor, step, ObjectId(event.object), event.ticket, static_cast<trace::LockMode>(event.mode));
    } else {
      livelock.get_on(actor, ObjectId(event.object) == actor.streak.wanted);  // it has two
    }
  }
  void operator()(const trace::TryLockFailed& event) const {
    ActorState& actor = self();
    const ObjectId lock(event.object);
    if (!actor.own) {
      return;  // it tries for its first one
    }
    if (actor.failed && actor.failed != lock) {
      return livelock.get_on(actor);
    }
    actor.failed = lock;
    actor.failed_place = step.place;
  }
  void operator()(const trace::Unlock& event) const {
    ActorState& actor = self();
    actor.depth -= actor.depth != 0 ? 1 : 0;
    if (actor.own == ObjectId(event.object) && actor.failed) {
      livelock.retreat(actor, step.actor, event.ticket);
    } else {
      livelock.get_on(actor);
    }
  }
};

void Livelock::step(const Step& step) {
  if (step.actor && step.actor.value != trace::kTimerActor) {
    std::visit(Apply{*this, step}, step.event);
  }
}

Livelock::ActorState& Livelock::at(ActorId id) {
  if (last_ == nullptr || last_id_ != id) {
    std::uint32_t& number = numbers_[id];
    if (number == 0) {
      actors_.emplace_back();
      number = static_cast<std::uint32_t>(actors_.size());
    }
    last_ = &actors_[number - 1];
    last_id_ = id;
  }
  return *last_;
}

void Livelock::begin(ActorState& actor, const Step& step, ObjectId lock, std::uint64_t ticket, trace::LockMode mode) {
  if (actor.streak.own != lock || actor.next_ticket != ticket) {
    get_on(actor);  // another lock, or somebody else had it in between
  }
  actor.own = lock;
  actor.mode = mode;
  actor.own_place = step.place;
  actor.failed = {};
}

void Livelock::retreat(ActorState& actor, ActorId id, std::uint64_t ticket) {
  const ObjectId own = std::exchange(actor.own, {});
  const ObjectId failed = std::exchange(actor.failed, {});
  Streak& streak = actor.streak;
  if (streak.own != own || streak.wanted != failed) {
    get_on(actor);
    streak = {id, own, failed, actor.mode, actor.own_place, actor.failed_place, {}, false};
  }
  actor.next_ticket = ticket + 1;
  if (streak.retreats.empty() || streak.retreats.back().from != actor.time) {
    streak.retreats.push_back({actor.time});
  }
}

void Livelock::get_on(ActorState& actor, bool got_through) {
  actor.own = {};
  actor.failed = {};
  if (!actor.streak.own) {
    return;
  }
  Streak streak = std::exchange(actor.streak, {});
  if (streak.retreats.size() >= rounds_) {
    streak.got_through = got_through;
    streaks_.push_back(std::move(streak));
  }
}

// One after the other: each ends when the slowest has retreated, and the next one begins after that.
std::uint64_t Livelock::rounds_of(const Ring& ring) {
  std::vector<std::size_t> next(ring.size());
  std::uint64_t rounds = 0;
  for (std::uint64_t begin = 0;; ++rounds) {
    std::uint64_t end = begin;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const std::vector<Span>& retreats = ring[i]->retreats;
      while (next[i] < retreats.size() && retreats[next[i]].from < begin) {
        ++next[i];
      }
      if (next[i] == retreats.size()) {
        return rounds;
      }
      end = std::max(end, retreats[next[i]++].to);
    }
    begin = end;
  }
}

// Depth first: prolongs the ring by each streak that has what its last one wants; found when its first one has it.
bool Livelock::close_ring(Ring& ring) {
  if (ring.size() > 1 && ring.back()->wanted == ring.front()->own) {
    const std::uint64_t rounds = rounds_of(ring);
    if (rounds >= rounds_) {
      found(ring, rounds);
    }
    return rounds >= rounds_;
  }
  return ring.size() < kLongestRing &&
         std::any_of(
             streaks_.begin(), streaks_.end(),
             [&](const Streak& streak) {
               const auto is_in = [&](const Streak* member) { return member->actor == streak.actor; };
               if (++tries_ > kMostTries || streak.own != ring.back()->wanted ||
                   std::any_of(ring.begin(), ring.end(), is_in)) {
                 return false;
               }
               ring.push_back(&streak);
               const bool closed = close_ring(ring);
               ring.pop_back();
               return closed;
             });
}

// The same attempts at other times, or by other actors, are the same finding: the longest one.
void Livelock::found(const Ring& ring, std::uint64_t rounds) {
  std::set<std::pair<Place, Place>> places;
  for (const Streak* streak : ring) {
    places.insert({streak->own_place, streak->wanted_place});
  }
  const auto [known, is_new] = found_.try_emplace(places);
  Finding& finding = known->second;
  if (is_new || rounds > finding.times) {
    Finding longer = make(ring, rounds);
    longer.occurrences = is_new ? 1 : finding.occurrences + 1;
    finding = std::move(longer);
  } else {
    ++finding.occurrences;
  }
}

Finding Livelock::make(const Ring& ring, std::uint64_t rounds) const {
  const Describer describe(scene_);
  Finding finding;
  finding.kind = FindingKind::Livelock;
  finding.certainty = Certainty::observed;
  finding.times = rounds;
  const bool resolved = std::any_of(ring.begin(), ring.end(), [](const Streak* streak) { return streak->got_through; });
  finding.subkind = resolved ? "resolved" : "unresolved";
  for (const Streak* streak : ring) {
    ActorRef actor = describe.actor(streak->actor);
    actor.role = Role::retries;
    actor.objects.push_back(describe.object(streak->wanted, streak->wanted_place));
    actor.stack = describe.stack(streak->wanted_place);
    const HeldLock held{streak->own, streak->mode, streak->own_place};
    actor.holds = describe.holds({&held, 1});
    finding.actors.push_back(std::move(actor));
  }
  return finding;
}

void Livelock::finish(std::vector<Finding>& findings) {
  for (ActorState& actor : actors_) {
    if (actor.streak.retreats.size() >= rounds_) {
      streaks_.push_back(std::move(actor.streak));
    }
  }
  while (streaks_.size() > 1) {
    Ring ring{&streaks_.front()};
    close_ring(ring);
    streaks_.pop_front();
  }
  for (auto& [places, finding] : found_) {
    findings.push_back(std::move(finding));
  }
}

}  // namespace gordian::analysis
