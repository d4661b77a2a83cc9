// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/clocks.h"

#include <algorithm>

#include "runtime/trace/access_word.h"
#include "runtime/trace/heap_room.h"

namespace gordian::analysis {

using trace::AtomicOp;
using trace::AtomicOrder;
using trace::LockMode;

namespace {

bool acquires(AtomicOrder order) { return order != AtomicOrder::relaxed && order != AtomicOrder::release; }
bool releases(AtomicOrder order) {
  return order == AtomicOrder::release || order == AtomicOrder::acq_rel || order == AtomicOrder::seq_cst;
}

}  // namespace

struct Clocks::Apply {
  Clocks& clocks;
  const Step& step;

  [[nodiscard]] ActorClock& self() const { return clocks.actor(step.actor); }
  void release_into(VectorClock& target) const {
    ActorClock& actor = self();
    target.join(actor.clock);
    clocks.advance(actor);
  }

  template <class Event>
  void operator()(const Event& /*no edge*/) const {}

  void operator()(const trace::ThreadStart& event) const {
    if (event.actor != 0) {
      clocks.actor(ActorId(event.actor));
    }
  }
  void operator()(const trace::Go& event) const { clocks.create(step, event.child); }
  void operator()(const trace::ThreadCreate& event) const { clocks.create(step, event.child); }
  void operator()(const trace::GoEnd&) const { clocks.end(step.actor); }
  void operator()(const trace::ThreadEnd&) const { clocks.end(step.actor); }
  void operator()(const trace::ThreadJoin& event) const { self().clock.join(clocks.actor(ActorId(event.child)).clock); }

  void operator()(const trace::Lock& event) const { lock(event); }
  void operator()(const trace::TryLock& event) const { lock(event); }
  template <class Event>
  void lock(const Event& event) const {
    const Lock& state = clocks.locks_[event.object];
    self().clock.join(state.writers);
    if (static_cast<LockMode>(event.mode) == LockMode::exclusive) {
      self().clock.join(state.readers);
    }
  }
  // Joined, not assigned: a lock may be released by an actor that never acquired it.
  void operator()(const trace::Unlock& event) const {
    Lock& state = clocks.locks_[event.object];
    release_into(static_cast<LockMode>(event.mode) == LockMode::shared ? state.readers : state.writers);
  }

  void operator()(const trace::Object& event) const {
    if (static_cast<trace::ObjectKind>(event.kind) == trace::ObjectKind::channel) {
      clocks.channels_[event.object].capacity = event.capacity;
    }
  }
  void operator()(const trace::ObjectEnd& event) const {
    clocks.channels_.erase(event.object);
    clocks.locks_.erase(event.object);
    clocks.gathered_.erase(event.object);
    clocks.timers_.erase(event.object);
    clocks.signals_.erase(event.object);
  }
  void operator()(const trace::ChanSend& event) const {
    Channel& channel = clocks.channels_[event.object];
    if (event.actor == trace::kTimerActor) {
      channel.sends[event.ticket] = clocks.timers_[event.object];  // the clock sends for whoever set the timer
    } else if (channel.capacity == 0) {
      meet(channel, event.ticket);
    } else {
      send(channel, event.ticket);
    }
  }
  void send(Channel& channel, std::uint64_t number) const {
    const auto freed = channel.receives.find(number);
    if (freed != channel.receives.end()) {
      self().clock.join(freed->second);
      channel.receives.erase(freed);
    }
    release_into(channel.sends[number]);
  }
  void operator()(const trace::ChanRecv& event) const {
    Channel& channel = clocks.channels_[event.object];
    if (event.closed != 0) {
      self().clock.join(channel.closed);
    } else if (channel.capacity == 0 && !channel.sends.contains(event.ticket)) {
      meet(channel, event.ticket);
    } else {
      receive(channel, event.ticket);
    }
  }
  void receive(Channel& channel, std::uint64_t number) const {
    const auto sent = channel.sends.find(number);
    if (sent != channel.sends.end()) {
      self().clock.join(sent->second);
      channel.sends.erase(sent);
    }
    if (channel.capacity > 0) {  // a timer waits for no receiver
      release_into(channel.receives[number + channel.capacity]);
    }
  }
  // Unbuffered: sender and receiver know of each other what both knew before.
  void meet(Channel& channel, std::uint64_t number) const {
    const auto first = channel.first_half.find(number);
    if (first == channel.first_half.end()) {
      channel.first_half.emplace(number, step.actor);
      return;
    }
    ActorClock& a = clocks.actor(first->second);
    ActorClock& b = self();
    channel.first_half.erase(first);
    const bool b_sends = trace::is_event<trace::ChanSend>(step.event);
    ActorClock& sender = b_sends ? b : a;
    ActorClock& receiver = b_sends ? a : b;
    const VectorClock sent = sender.clock;
    sender.clock.join(receiver.clock);
    receiver.clock.join(sent);
    clocks.advance(a);
    clocks.advance(b);
  }
  void operator()(const trace::ChanClose& event) const { release_into(clocks.channels_[event.object].closed); }
  void operator()(const trace::TimerSet& event) const {
    VectorClock& timer = clocks.timers_[event.object];
    timer.clear();
    release_into(timer);
  }
  void operator()(const trace::TimerCall& event) const {
    VectorClock known = clocks.timers_[event.object];
    if (step.actor) {  // an actor calls in the clock's place
      release_into(known);
    }
    clocks.create_knowing(known, event.child);
  }

  void operator()(const trace::CondSignal& event) const {
    if (event.woken > 0) {
      Signal& signal = clocks.signals_[event.object][event.ticket];
      signal.waits = event.woken;
      release_into(signal.clock);
    }
  }
  void operator()(const trace::CondWait& event) const {
    auto& signals = clocks.signals_[event.object];
    const auto signal = signals.find(event.signal);
    if (signal != signals.end()) {
      self().clock.join(signal->second.clock);
      if (--signal->second.waits == 0) {
        signals.erase(signal);
      }
    }
  }
  void operator()(const trace::SemRelease& event) const { release_into(clocks.gathered_[event.object]); }
  void operator()(const trace::SemAcquire& event) const { self().clock.join(clocks.gathered_[event.object]); }

  void operator()(const trace::WgAdd& event) const {
    if (event.delta < 0) {
      release_into(clocks.gathered_[event.object]);
    }
  }
  void operator()(const trace::WgWait& event) const { self().clock.join(clocks.gathered_[event.object]); }
  void operator()(const trace::OnceEnd& event) const { release_into(clocks.gathered_[event.object]); }
  void operator()(const trace::OnceWait& event) const { self().clock.join(clocks.gathered_[event.object]); }

  void operator()(const trace::Fence& event) const {
    const auto order = static_cast<AtomicOrder>(event.order);
    ActorClock& actor = self();
    if (acquires(order)) {
      actor.clock.join(actor.seen_relaxed);
    }
    if (releases(order)) {
      actor.released_by_fence = actor.clock;
      clocks.advance(actor);
    }
  }
};

void Clocks::apply(const Step& step) {
  const bool is_nobody = !step.actor || step.actor.value == trace::kTimerActor;
  if (is_nobody && !trace::is_event<trace::ChanSend>(step.event) && !trace::is_event<trace::Object>(step.event) &&
      !trace::is_event<trace::ObjectEnd>(step.event) && !trace::is_event<trace::TimerCall>(step.event)) {
    return;  // the scheduler's own events order nothing
  }
  std::visit(Apply{*this, step}, step.event);
}

void Clocks::follow(const Step& step) {
  if (const auto* atomic = trace::event_as<trace::Atomic>(&step.event)) {
    if (step.actor) {
      acquire_atomic(step, *atomic);
      release_atomic(step, *atomic);
    }
  } else if (const auto* alloc = trace::event_as<trace::Alloc>(&step.event)) {
    if (trace::begins_life(*alloc)) {
      forget_atomics(alloc->address, alloc->size);
    }
  } else if (const auto* free = trace::event_as<trace::Free>(&step.event)) {
    forget_atomics(free->address, free->size);
  } else {
    apply(step);
  }
}

// A store that releases heads a new release sequence; a relaxed one publishes what the last release fence covered; a
// read-modify-write continues the sequence that it read from.
void Clocks::acquire_atomic(const Step& step, const trace::Atomic& event) {
  if (static_cast<AtomicOp>(event.op) == AtomicOp::store) {
    return;
  }
  const auto found = atomics_.find(event.address);
  if (found == atomics_.end()) {
    return;
  }
  ActorClock& self = actor(step.actor);
  const bool direct = acquires(static_cast<AtomicOrder>(event.order));
  (direct ? self.clock : self.seen_relaxed).join(found->second);
}

void Clocks::release_atomic(const Step& step, const trace::Atomic& event) {
  const auto op = static_cast<AtomicOp>(event.op);
  if (op == AtomicOp::load) {
    return;
  }
  ActorClock& self = actor(step.actor);
  VectorClock& location = atomics_[event.address];
  if (op == AtomicOp::store) {
    location.clear();
  }
  if (releases(static_cast<AtomicOrder>(event.order))) {
    location.join(self.clock);
    advance(self);
  } else {
    location.join(self.released_by_fence);
  }
}

ActorClock& Clocks::enter_thread(StreamId stream, ActorClock& actor) {
  const bool is_new = threads_.find(stream) == nullptr;
  Thread& thread = threads_[stream];
  ActorClock& own = thread.clock;
  if (is_new) {
    own.slot = slots_++;
  }
  own.id = actor.id;
  own.number = actor.number;
  own.clock.join(actor.clock);
  if (thread.last != actor.id || thread.last_time != actor.now()) {
    thread.last = actor.id;
    thread.last_time = actor.now();
    own.clock.set(own.slot, own.now() + 1);
  }
  actor.clock.set(own.slot, own.now());
  return own;
}

void Clocks::forget_atomics(std::uint64_t address, std::uint64_t size) {
  if (address <= trace::kAddressMask && size <= trace::kAddressMask) {  // else of a damaged trace, and may wrap round
    atomics_.erase(atomics_.lower_bound(address), atomics_.lower_bound(address + size));
  }
}

ActorClock& Clocks::actor(ActorId id) {
  if (ActorClock* const* const found = by_id_.find(id)) {
    return **found;
  }
  ActorClock& added = add(id);
  added.slot = slots_++;
  added.clock.set(added.slot, 1);
  added.born = 1;
  return added;
}

ActorClock& Clocks::add(ActorId id) {
  ActorClock& added = actors_.emplace_back();
  added.id = id;
  added.number = static_cast<std::uint32_t>(actors_.size() - 1);
  by_id_[id] = &added;
  ++live_;
  return added;
}

void Clocks::advance(ActorClock& actor) {
  if (watcher_ != nullptr) {
    watcher_->released(actor);
  }
  const Time now = actor.now();
  actor.last_used = now;
  actor.clock.set(actor.slot, now + 1);
}

void Clocks::create(const Step& step, std::uint64_t child) {
  ActorClock& creator = actor(step.actor);
  if (by_id_.find(ActorId(child)) != nullptr) {
    return;  // seen before its creation: a gap in the trace
  }
  create_knowing(creator.clock, child);
  advance(creator);
}

void Clocks::create_knowing(const VectorClock& known, std::uint64_t child) {
  if (by_id_.find(ActorId(child)) != nullptr) {
    return;
  }
  ActorClock& created = add(ActorId(child));
  Time start = 1;
  created.slot = take_slot(known, start);
  created.clock = known;
  created.clock.set(created.slot, start);
  created.born = start;
}

// The slot of an ended actor can go to one whose creator knows all that the ended one ever did: then nothing can tell
// the two apart. Otherwise a fresh slot.
Slot Clocks::take_slot(const VectorClock& known, Time& start) {
  constexpr std::size_t kTried = 16;
  const std::size_t first = retired_.size() > kTried ? retired_.size() - kTried : 0;
  for (std::size_t i = retired_.size(); i-- > first;) {
    const ActorClock& ended = *retired_[i];
    if (known.knows({ended.slot, ended.last_used})) {
      start = ended.now() + 1;
      retired_.erase(retired_.begin() + static_cast<std::ptrdiff_t>(i));
      return ended.slot;
    }
  }
  return slots_++;
}

void Clocks::end(ActorId id) {
  ActorClock& actor_clock = actor(id);
  if (!actor_clock.ended) {
    actor_clock.ended = true;
    --live_;
    retired_.push_back(&actor_clock);
  }
}

}  // namespace gordian::analysis
