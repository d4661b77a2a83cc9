// SPDX-License-Identifier: Apache-2.0
// One small overload per event kind that begins, ends or times a request. Whatever else an actor does while it is awake
// shows that its request is over: an attempt that an error ended leaves no event of its own.
#include "analyzer/detect/requests.h"

#include <algorithm>
#include <iterator>

#include "analyzer/detect/waits.h"

namespace gordian::analysis {

using trace::LockMode;
using trace::WaitReason;

struct Requests::Apply {
  Requests& requests;
  const Step& step;

  [[nodiscard]] ActorTimes& self() const { return requests.at(step.actor); }

  template <class Event>
  void operator()(const Event& /*something else*/) const {
    requests.abandon(self());
  }
  // Many, and never the end of a request.
  void operator()(std::monostate) const {}
  void operator()(const trace::Atomic&) const {}
  void operator()(const trace::Alloc&) const {}
  void operator()(const trace::Free&) const {}
  void operator()(const trace::Object&) const {}

  void operator()(const trace::Switch& event) const {
    if (event.actor == 0) {
      return;
    }
    ActorTimes& actor = self();
    requests.passes(actor, event.cycles);
    actor.switched = event.cycles;
    actor.is_blocked = false;
    if (actor.is_served) {
      requests.report(actor, event.cycles);
    }
  }
  void operator()(const trace::Block& event) const {
    ActorTimes& actor = self();
    const auto reason = static_cast<WaitReason>(event.reason);
    requests.passes(actor, event.cycles);
    actor.is_blocked = true;
    const bool is_timed = reason == WaitReason::sleep;  // a wait with an end is a sleep that names its lock
    const bool is_request = is_timed || is_lock_wait(reason) || reason == WaitReason::semaphore ||
                            reason == WaitReason::chan_send || reason == WaitReason::chan_receive;
    if (!is_request || event.objects.size() != 1) {
      return requests.abandon(actor);
    }
    const ObjectId object(event.objects.front());
    if (actor.request.object != object) {
      requests.abandon(actor);
      actor.request = {step.actor, object, reason, is_timed, false, step.place, event.cycles, event.cycles, {}};
    }
  }
  // The waker's next event lies after the beginning of the wait that it ended.
  void operator()(const trace::Ready& event) const { learn_of(ActorId(event.actor)); }
  void learn_of(ActorId woken) const {
    if (step.writer && woken && woken != step.writer && woken.value != trace::kTimerActor) {
      const Cycles began = requests.at(woken).request.began;
      ActorTimes& waker = requests.at(step.writer);
      waker.floor = std::max(waker.floor, began);
    }
  }

  void operator()(const trace::Lock& event) const {
    requests.acquire(step, ObjectId(event.object));
    requests.hold(step, ObjectId(event.object), static_cast<LockMode>(event.mode));
    learn_of(ActorId(event.actor));
  }
  void operator()(const trace::TryLock& event) const {
    requests.acquire(step, ObjectId(event.object));
    requests.hold(step, ObjectId(event.object), static_cast<LockMode>(event.mode));
  }
  void operator()(const trace::TryLockFailed& event) const {
    ActorTimes& actor = self();
    requests.end_request(actor, ObjectId(event.object));
    requests.abandon(actor);
  }
  void operator()(const trace::Unlock& event) const {
    requests.abandon(self());
    requests.release(step, ObjectId(event.object), static_cast<LockMode>(event.mode));
  }
  void operator()(const trace::SemAcquire& event) const {
    requests.acquire(step, ObjectId(event.object));
    learn_of(ActorId(event.actor));
  }
  void operator()(const trace::ChanSend& event) const { passed(event.object, ActorId(event.actor)); }
  void operator()(const trace::ChanRecv& event) const { passed(event.object, ActorId(event.actor)); }
  void passed(std::uint64_t channel, ActorId on_behalf) const {
    ActorTimes& actor = self();
    requests.end_request(actor, ObjectId(channel));
    learn_of(on_behalf);
  }
};

void Requests::step(const Step& step) {
  if (step.actor && step.actor.value != trace::kTimerActor) {
    std::visit(Apply{*this, step}, step.event);
  }
}

Requests::ActorTimes& Requests::at(ActorId id) {
  if (last_ == nullptr || last_id_ != id) {
    std::uint32_t& number = numbers_[id];
    if (number == 0) {
      actors_.emplace_back();
      number = static_cast<std::uint32_t>(actors_.size());
      actors_.back().number = number - 1;
    }
    last_ = &actors_[number - 1];
    last_id_ = id;
  }
  return *last_;
}

// What it holds now it held by then.
void Requests::passes(ActorTimes& actor, Cycles time) {
  actor.floor = std::max(actor.floor, time);
  latest_ = std::max(latest_, time);
  for (auto open = actor.holds.rbegin(); open != actor.holds.rend() && open->since == 0; ++open) {
    open->since = time;
  }
}

void Requests::acquire(const Step& step, ObjectId object) {
  ActorTimes& actor = at(step.actor);
  LockState& lock = locks_[object];
  const bool waited = actor.request.object == object;
  if (waited) {
    actor.request.bypass = bypass_of(lock, actor.request);
  }
  remember(lock, {step.actor, waited ? actor.request.began : actor.floor, 1, step.place});
  lock.floor = actor.floor = std::max(actor.floor, lock.floor);
  end_request(actor, object);
}

void Requests::hold(const Step& step, ObjectId object, LockMode mode) {
  ActorTimes& actor = at(step.actor);
  actor.holds.push_back({{object, step.place, 0}, mode, 0});
  locks_[object].holders.push_back(actor.number);
}

// By its holder, else by anybody for a holder of that mode.
void Requests::release(const Step& step, ObjectId object, LockMode mode) {
  const ActorTimes& actor = at(step.actor);
  LockState& lock = locks_[object];
  lock.floor = std::max(lock.floor, actor.floor);
  if (!end_hold(actor.number, lock, object, mode, actor.floor)) {
    const std::vector<std::uint32_t> holders = lock.holders;
    std::any_of(holders.begin(), holders.end(),
                [&](std::uint32_t holder) { return end_hold(holder, lock, object, mode, actor.floor); });
  }
}

bool Requests::end_hold(std::uint32_t holder, LockState& lock, ObjectId object, LockMode mode, Cycles floor) {
  std::vector<Open>& holds = actors_[holder].holds;
  const auto open = std::find_if(holds.rbegin(), holds.rend(), [&](const Open& candidate) {
    return candidate.hold.object == object && candidate.mode == mode;
  });
  if (open == holds.rend()) {
    return false;
  }
  open->hold.at_least = open->since != 0 && floor > open->since ? floor - open->since : 0;
  sink_.hold(open->hold);
  holds.erase(std::next(open).base());
  lock.holders.erase(std::find(lock.holders.begin(), lock.holders.end(), holder));
  return true;
}

// The latest acquisitions first, back to the waiting one's own.
Bypass Requests::bypass_of(const LockState& lock, const Request& request) {
  Bypass bypass;
  std::vector<std::pair<ActorId, std::uint64_t>> counts;
  for (auto served = lock.served.rbegin(); served != lock.served.rend() && served->actor != request.actor; ++served) {
    if (served->floor < request.began) {
      continue;
    }
    bypass.count += served->count;
    auto count =
        std::find_if(counts.begin(), counts.end(), [&](const auto& one) { return one.first == served->actor; });
    if (count == counts.end()) {
      count = counts.insert(count, {served->actor, 0});
    }
    count->second += served->count;
    if (count->second > bypass.by_most) {
      bypass.place = bypass.most == served->actor ? bypass.place : served->place;
      bypass.most = served->actor;
      bypass.by_most = count->second;
    }
  }
  return bypass;
}

void Requests::remember(LockState& lock, const Served& served) {
  if (!lock.served.empty() && lock.served.back().actor == served.actor && lock.served.back().floor == served.floor) {
    ++lock.served.back().count;
    lock.served.back().place = served.place;
    return;
  }
  if (lock.served.size() == 2 * kRemembered) {
    lock.served.erase(lock.served.begin(), lock.served.begin() + kRemembered);
  }
  lock.served.push_back(served);
}

void Requests::end_request(ActorTimes& actor, ObjectId object) {
  if (actor.request.object != object) {
    return;
  }
  if (actor.is_blocked) {
    actor.is_served = true;
  } else {
    report(actor, actor.switched);
  }
}

void Requests::abandon(ActorTimes& actor) {
  if (actor.request.object && !actor.is_served) {
    report(actor, actor.switched);
  }
}

void Requests::report(ActorTimes& actor, Cycles ended) {
  actor.request.ended = std::max(ended, actor.request.began);
  sink_.request(actor.request);
  actor.request = {};
  actor.is_served = false;
}

void Requests::report_rest(ActorTimes& actor) {
  if (actor.request.object) {
    actor.request.is_open = actor.is_blocked && !actor.is_served;
    if (actor.request.is_open) {
      actor.request.bypass = bypass_of(locks_[actor.request.object], actor.request);
    }
    report(actor, actor.is_blocked ? latest_ : actor.switched);
  }
  for (Open& open : actor.holds) {
    open.hold.at_least = open.since != 0 ? latest_ - open.since : 0;
    sink_.hold(open.hold);
  }
}

void Requests::finish(Cycles end) {
  latest_ = std::max(latest_, end);
  std::for_each(actors_.begin(), actors_.end(), [this](ActorTimes& actor) { report_rest(actor); });
}

}  // namespace gordian::analysis
