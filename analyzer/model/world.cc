// SPDX-License-Identifier: Apache-2.0
// One small overload per event kind. A trace that breaks the rules (validate.h names them) leaves a strange world but
// never a broken one: unknown ids come into being, an unlock of a free lock does nothing.
#include "analyzer/model/world.h"

#include <algorithm>

namespace gordian::analysis {

using trace::EventKind;
using trace::LockMode;
using trace::WaitReason;

struct World::Apply {
  World& world;
  const Step& step;

  [[nodiscard]] ActorState& actor() const { return world.at(step.actor); }
  ObjectState& use(std::uint64_t object, EventKind kind) const {
    ObjectState& state = world.at(object);
    if (step.actor && step.actor.value != trace::kTimerActor) {
      state.users[step.actor].insert(kind);
    }
    return state;
  }

  void create(std::uint64_t child, bool is_thread) const {
    ActorState& state = world.at(ActorId(child));
    state.parent = step.actor;
    state.created = step.place;
    state.is_thread = is_thread;
  }

  void acquire(std::uint64_t object, std::uint64_t mode, EventKind kind) const {
    ObjectState& lock = use(object, kind);
    lock.holders.push_back(step.actor);
    actor().holds.push_back({lock.id, static_cast<LockMode>(mode), step.place});
  }

  // Ends the hold of `holder` on the lock; false if it has none in this mode.
  bool release(ActorId holder, ObjectState& lock, LockMode mode) const {
    std::vector<HeldLock>& holds = world.at(holder).holds;
    const auto held = std::find_if(holds.rbegin(), holds.rend(),
                                   [&](const HeldLock& hold) { return hold.object == lock.id && hold.mode == mode; });
    const auto holding = std::find(lock.holders.begin(), lock.holders.end(), holder);
    if (held == holds.rend() || holding == lock.holders.end()) {
      return false;
    }
    holds.erase(std::next(held).base());
    lock.holders.erase(holding);
    return true;
  }

  void operator()(std::monostate) const {}
  void operator()(const trace::Stack&) const {}
  void operator()(const trace::ThreadStart& event) const {
    if (event.actor != 0) {
      ActorState& state = world.at(ActorId(event.actor));
      state.is_thread = event.actor != 1;  // main is goroutine 1, on the initial thread
      state.status = ActorStatus::running;
    }
  }
  void operator()(const trace::ThreadEnd&) const {
    if (step.actor && actor().is_thread) {
      actor().status = ActorStatus::ended;
    }
  }
  void operator()(const trace::Go& event) const { create(event.child, false); }
  void operator()(const trace::ThreadCreate& event) const { create(event.child, true); }
  void operator()(const trace::ThreadJoin& event) const { world.at(ActorId(event.child)).awaited = true; }
  void operator()(const trace::ThreadDetach& event) const { world.at(ActorId(event.child)).awaited = true; }
  void operator()(const trace::Switch& event) const {
    if (event.actor != 0) {
      ActorState& state = world.at(ActorId(event.actor));
      world.wake(state.id);
      state.status = ActorStatus::running;
      state.run = event.run;
    }
  }
  void operator()(const trace::GoEnd&) const {
    if (step.actor) {
      actor().status = ActorStatus::ended;
    }
  }
  void operator()(const trace::Name& event) const {
    if (step.actor) {
      actor().name = event.text;
    }
  }
  void operator()(const trace::Block& event) const {
    if (!step.actor) {
      return;
    }
    ActorState& state = actor();
    state.status = ActorStatus::blocked;
    state.reason = static_cast<WaitReason>(event.reason);
    state.blocked_at = step.place;
    state.blocked_cycles = event.cycles;
    state.blocked_on.clear();
    for (const std::uint64_t entry : event.objects) {
      const bool is_select = state.reason == WaitReason::select;
      const BlockedOn on{ObjectId(is_select ? entry / 2 : entry),
                         is_select ? entry % 2 == 1 : state.reason == WaitReason::chan_send};
      state.blocked_on.push_back(on);
      if (state.reason != WaitReason::thread_join) {
        const EventKind kind = blocked_kind(state.reason, on.sends);
        use(on.object.value, kind);
      }
    }
  }
  // The operation that a blocked actor attempts, as the event that would complete it.
  static EventKind blocked_kind(WaitReason reason, bool sends) {
    switch (reason) {
      case WaitReason::mutex_lock:
      case WaitReason::rwmutex_lock:
      case WaitReason::rwmutex_rlock:
        return EventKind::Lock;
      case WaitReason::wait_group:
        return EventKind::WgWait;
      case WaitReason::once:
        return EventKind::OnceWait;
      case WaitReason::cond_wait:
      case WaitReason::atomic_wait:
        return EventKind::CondWait;
      case WaitReason::semaphore:
        return EventKind::SemAcquire;
      case WaitReason::barrier:
        return EventKind::SemRelease;
      default:
        return sends ? EventKind::ChanSend : EventKind::ChanRecv;
    }
  }
  void operator()(const trace::Ready& event) const { world.wake(ActorId(event.actor)); }

  void operator()(const trace::Object& event) const {
    ObjectState& state = world.at(event.object);
    state.kind = static_cast<trace::ObjectKind>(event.kind);
    state.address = event.address;
    state.capacity = event.capacity;
    state.created = step.place;
  }
  void operator()(const trace::Inherited&) const {}
  void operator()(const trace::Fork&) const {}
  // Whoever held it holds nothing any more. What ends with the program itself, in static destructors, stays as the end
  // found it: the waits of that moment are what is judged.
  void operator()(const trace::ObjectEnd& event) const {
    ObjectState& state = world.at(event.object);
    state.ended = true;
    if (world.exited_) {
      return;
    }
    for (const ActorId holder : state.holders) {
      std::erase_if(world.at(holder).holds, [&](const HeldLock& hold) { return hold.object == state.id; });
    }
    state.holders.clear();
  }
  void operator()(const trace::Alloc&) const {}
  void operator()(const trace::Free&) const {}

  void operator()(const trace::Lock& event) const {
    acquire(event.object, event.mode, EventKind::Lock);
    world.wake(step.actor);
  }
  void operator()(const trace::TryLock& event) const { acquire(event.object, event.mode, EventKind::TryLock); }
  void operator()(const trace::TryLockFailed& event) const { use(event.object, EventKind::TryLockFailed); }
  void operator()(const trace::Unlock& event) const {
    ObjectState& lock = use(event.object, EventKind::Unlock);
    const auto mode = static_cast<LockMode>(event.mode);
    if (release(step.actor, lock, mode)) {
      return;
    }
    lock.unlocked_elsewhere = true;
    const std::vector<ActorId> holders = lock.holders;
    std::any_of(holders.begin(), holders.end(), [&](ActorId holder) { return release(holder, lock, mode); });
  }

  void operator()(const trace::ChanSend& event) const {
    ObjectState& channel = use(event.object, EventKind::ChanSend);
    channel.sends = std::max(channel.sends, event.ticket);
    if (event.actor == trace::kTimerActor) {
      channel.timer_pending = channel.timer_repeats;
    } else {
      world.wake(step.actor);
    }
  }
  void operator()(const trace::ChanRecv& event) const {
    ObjectState& channel = use(event.object, EventKind::ChanRecv);
    channel.receives = std::max(channel.receives, event.ticket);  // 0 of one that says closed
    world.wake(step.actor);
  }
  void operator()(const trace::ChanClose& event) const { use(event.object, EventKind::ChanClose).closed = true; }
  void operator()(const trace::ChanTryFailed& event) const {
    if (event.object != 0) {  // not a nil channel
      use(event.object, event.send != 0 ? EventKind::ChanSend : EventKind::ChanRecv);
    }
  }
  void operator()(const trace::Select& event) const {
    for (const std::uint64_t entry : event.cases) {
      if (entry / 2 != 0) {
        use(entry / 2, entry % 2 == 1 ? EventKind::ChanSend : EventKind::ChanRecv);
      }
    }
  }
  void operator()(const trace::TimerSet& event) const {
    ObjectState& timer = use(event.object, EventKind::TimerSet);
    timer.timer_pending = true;
    timer.timer_repeats = event.period != 0;
    timer.holders.assign(1, step.actor);
    timer.set = step.place;
  }
  void operator()(const trace::TimerStop& event) const {
    use(event.object, EventKind::TimerStop).timer_pending = false;
  }
  // The goroutine that it starts counts as created by whoever set the timer.
  void operator()(const trace::TimerCall& event) const {
    ObjectState& timer = world.at(event.object);
    timer.timer_pending = timer.timer_repeats;
    ActorState& state = world.at(ActorId(event.child));
    state.parent = timer.holders.empty() ? ActorId{} : timer.holders.front();
    state.created = timer.set;
  }

  void operator()(const trace::WgAdd& event) const { use(event.object, EventKind::WgAdd).counter = event.value; }
  void operator()(const trace::WgWait& event) const {
    use(event.object, EventKind::WgWait);
    world.wake(step.actor);
  }
  void operator()(const trace::OnceBegin& event) const {
    ObjectState& once = use(event.object, EventKind::OnceBegin);
    once.counter = 1;
    once.holders.assign(1, step.actor);
  }
  void operator()(const trace::OnceEnd& event) const {
    ObjectState& once = use(event.object, EventKind::OnceEnd);
    once.counter = 0;
    once.holders.clear();
  }
  void operator()(const trace::OnceWait& event) const {
    use(event.object, EventKind::OnceWait);
    world.wake(step.actor);
  }

  void operator()(const trace::CondSignal& event) const {
    use(event.object, EventKind::CondSignal).counter += static_cast<std::int64_t>(event.woken);
  }
  void operator()(const trace::CondWait& event) const {
    ObjectState& cond = use(event.object, EventKind::CondWait);
    cond.counter -= cond.counter > 0 ? 1 : 0;
    world.wake(step.actor);
  }
  void operator()(const trace::SemAcquire& event) const {
    ObjectState& semaphore = use(event.object, EventKind::SemAcquire);
    semaphore.counter += static_cast<std::int64_t>(event.permits);
    semaphore.holders.push_back(step.actor);
    world.wake(step.actor);
  }
  // Anybody may give permits back; one's own acquisitions first.
  void operator()(const trace::SemRelease& event) const {
    ObjectState& semaphore = use(event.object, EventKind::SemRelease);
    if (semaphore.kind == trace::ObjectKind::barrier) {
      return arrive(semaphore);
    }
    semaphore.counter -= static_cast<std::int64_t>(event.permits);
    std::vector<ActorId>& holders = semaphore.holders;
    const auto own = std::find(holders.begin(), holders.end(), step.actor);
    if (semaphore.counter <= 0) {
      holders.clear();
    } else if (!holders.empty()) {
      holders.erase(own == holders.end() ? holders.begin() : own);
    }
  }
  void arrive(ObjectState& barrier) const {
    barrier.holders.push_back(step.actor);
    if (barrier.holders.size() >= barrier.capacity) {
      barrier.holders.clear();
    }
  }

  void operator()(const trace::Atomic&) const {}
  void operator()(const trace::Fence&) const {}
  void operator()(const trace::Panic& event) const { panic(event, false); }
  void operator()(const trace::Fatal& event) const { panic(event, true); }
  template <class Event>
  void panic(const Event& event, bool fatal) const {
    world.panics_.push_back({static_cast<trace::PanicCode>(event.code), fatal, step.actor, ObjectId(event.object),
                             step.place, std::string(event.text)});
  }
  void operator()(const trace::SignalHandler& event) const {
    const UnseenCode code = event.signal == 0 ? UnseenCode::threads : UnseenCode::handlers;
    world.unseen_code_ = std::max(world.unseen_code_, code);
  }
  void operator()(const trace::Exit& event) const {
    world.exited_ = true;
    world.main_returned_ = world.main_returned_ || event.main_returned != 0;
  }
  void operator()(const trace::Loss& event) const {
    if (static_cast<trace::Family>(event.family) == trace::Family::sync) {
      world.lost_sync_ += event.count;
    }
  }
};

void World::apply(const Step& step) {
  if (step.actor && step.actor.value != trace::kTimerActor && (step.place.stack || step.place.site != 0)) {
    at(step.actor).last_place = step.place;
  }
  std::visit(Apply{*this, step}, step.event);
}

ActorState& World::at(ActorId id) {
  ActorState*& known = actor_index_[id];
  if (known == nullptr) {
    known = &actors_[id];
    known->id = id;
  }
  return *known;
}

ObjectState& World::at(std::uint64_t object) {
  ObjectState*& known = object_index_[ObjectId(object)];
  if (known == nullptr) {
    known = &objects_[ObjectId(object)];
    known->id = ObjectId(object);
  }
  return *known;
}

// Ends a wait, whoever ends it; no effect on an actor that does not wait, except after its own Ready (a yield).
void World::wake(ActorId id) {
  if (!id || id.value == trace::kTimerActor) {
    return;
  }
  ActorState& state = at(id);
  if (state.status != ActorStatus::blocked) {
    return;
  }
  state.status = ActorStatus::runnable;
  state.reason = WaitReason::none;
  state.blocked_on.clear();
}

const ActorState* World::actor(ActorId id) const {
  ActorState* const* const found = actor_index_.find(id);
  return found != nullptr ? *found : nullptr;
}

const ObjectState* World::object(ObjectId id) const {
  ObjectState* const* const found = object_index_.find(id);
  return found != nullptr ? *found : nullptr;
}

}  // namespace gordian::analysis
