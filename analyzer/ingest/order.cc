// SPDX-License-Identifier: Apache-2.0
#include "analyzer/ingest/order.h"

#include <algorithm>

namespace gordian::analysis {

using Kind = Need::Kind;

namespace {

template <class Value>
Value look_up(const FlatMap<std::uint64_t, Value>& map, std::uint64_t id) {
  const Value* found = map.find(id);
  return found != nullptr ? *found : Value{};
}

}  // namespace

struct Order::Missing {
  const Order& order;
  ActorId writer;
  std::size_t& known_of_list;

  [[nodiscard]] const ObjectOrder* object(std::uint64_t id) const {
    const ObjectOrder* found = order.objects_.find(id);
    return found != nullptr && found->known ? found : nullptr;
  }
  [[nodiscard]] ActorOrder actor(std::uint64_t id) const { return look_up(order.actors_, id); }

  [[nodiscard]] Need known(std::uint64_t id) const {
    return id == 0 || object(id) != nullptr ? Need{} : Need{Kind::known, id};
  }
  // An operation completed for another actor needs that one to have blocked.
  [[nodiscard]] Need blocked(std::uint64_t id, std::uint64_t run) const {
    const bool own = id == 0 || id == trace::kTimerActor || id == writer.value;
    return own || actor(id).blocked_run >= run ? Need{} : Need{Kind::blocked, id, run};
  }
  [[nodiscard]] Need ticket(std::uint64_t id, std::uint64_t ticket) const {
    const ObjectOrder* state = object(id);
    if (state == nullptr) {
      return {Kind::known, id};
    }
    return state->next >= ticket ? Need{} : Need{Kind::ticket, id, ticket};
  }
  static Need first(Need a, Need b) { return a ? a : b; }

  template <class Event>
  Need operator()(const Event& event) const {
    if constexpr (requires { event.object, event.ticket, event.run; }) {
      return first(ticket(event.object, event.ticket), blocked(event.actor, event.run));
    } else if constexpr (requires { event.object, event.ticket; }) {
      return ticket(event.object, event.ticket);
    } else if constexpr (requires { event.object; }) {
      return known(event.object);
    } else {
      return {};
    }
  }

  Need operator()(const trace::ThreadStart& event) const {
    const bool expected = event.actor > 1 && !actor(event.actor).created;
    return expected ? Need{Kind::started_thread, event.actor} : Need{};
  }
  Need operator()(const trace::Switch& event) const {
    if (event.actor == 0) {
      return {};
    }
    if (event.run <= 1) {
      return actor(event.actor).created ? Need{} : Need{Kind::created, event.actor};
    }
    return actor(event.actor).ready_run + 1 >= event.run ? Need{} : Need{Kind::ready, event.actor, event.run - 1};
  }
  Need operator()(const trace::Ready& event) const { return blocked(event.actor, event.run); }
  Need operator()(const trace::ThreadJoin& event) const {
    return actor(event.child).ended ? Need{} : Need{Kind::ended, event.child};
  }
  Need operator()(const trace::Object&) const { return {}; }
  Need operator()(const trace::Block& event) const {
    const auto reason = static_cast<trace::WaitReason>(event.reason);
    if (reason == trace::WaitReason::thread_join) {
      return {};
    }
    const std::uint64_t scale = reason == trace::WaitReason::select ? 2 : 1;
    return all_known(event.objects, scale);
  }
  Need operator()(const trace::Select& event) const {
    return first(all_known(event.cases, 2), blocked(event.actor, event.run));
  }
  [[nodiscard]] Need all_known(std::span<const std::uint64_t> ids, std::uint64_t scale) const {
    for (; known_of_list < ids.size(); ++known_of_list) {
      if (const Need need = known(ids[known_of_list] / scale)) {
        return need;
      }
    }
    return {};
  }

  Need operator()(const trace::ChanSend& event) const {
    const ObjectOrder* channel = object(event.object);
    if (channel == nullptr) {
      return {Kind::known, event.object};
    }
    if (channel->next_send < event.ticket) {
      return {Kind::send, event.object, event.ticket};
    }
    // The value goes into the slot that receive number ticket - capacity emptied.
    const bool reuses = channel->capacity > 0 && event.ticket > channel->capacity;
    if (reuses && channel->next_receive <= event.ticket - channel->capacity) {
      return {Kind::receive, event.object, event.ticket - channel->capacity + 1};
    }
    if (event.actor == trace::kTimerActor) {
      return ticket(event.object, event.run + 1);  // after the set that it belongs to
    }
    return blocked(event.actor, event.run);
  }
  Need operator()(const trace::ChanRecv& event) const {
    const ObjectOrder* channel = object(event.object);
    if (channel == nullptr) {
      return {Kind::known, event.object};
    }
    if (event.closed != 0) {
      return first(channel->closed ? Need{} : Need{Kind::closed, event.object}, blocked(event.actor, event.run));
    }
    if (channel->next_receive < event.ticket) {
      return {Kind::receive, event.object, event.ticket};
    }
    if (channel->capacity > 0 && channel->next_send <= event.ticket) {
      return {Kind::send, event.object, event.ticket + 1};
    }
    return blocked(event.actor, event.run);
  }
  Need operator()(const trace::TimerSet& event) const {
    const Need turn = ticket(event.object, event.ticket);
    const ObjectOrder* channel = object(event.object);
    const bool sent = channel == nullptr || channel->next_send > event.sends;
    return first(turn, sent ? Need{} : Need{Kind::send, event.object, event.sends + 1});
  }
  // A channel has no single sequence: its end is ordered by whoever ends it.
  Need operator()(const trace::ObjectEnd& event) const {
    return event.ticket == 0 ? known(event.object) : ticket(event.object, event.ticket);
  }

  Need operator()(const trace::Alloc& event) const { return stripe(Kind::memory_stripe, order.memory_, event); }
  Need operator()(const trace::Free& event) const { return stripe(Kind::memory_stripe, order.memory_, event); }
  Need operator()(const trace::Atomic& event) const { return stripe(Kind::atomic_stripe, order.atomics_, event); }
  template <class Event>
  Need stripe(Kind kind, const FlatMap<std::uint64_t, std::uint64_t>& next, const Event& event) const {
    const std::uint64_t reached = std::max<std::uint64_t>(look_up(next, event.stripe), 1);
    return reached >= event.ticket ? Need{} : Need{kind, event.stripe, event.ticket};
  }
};

struct Order::Take {
  Order& order;
  ActorId writer;
  std::vector<Need>& provided;

  static void advance(std::uint64_t& next, std::uint64_t ticket) { next = std::max(next, ticket + 1); }
  void say(Kind kind, std::uint64_t id, std::uint64_t number = 0) const { provided.push_back({kind, id, number}); }

  void ready(std::uint64_t id, std::uint64_t run) const {
    if (id == 0 || id == trace::kTimerActor || run == 0) {
      return;
    }
    ActorOrder& actor = order.actors_[id];
    actor.ready_run = std::max(actor.ready_run, run);
    say(Kind::ready, id, run);
  }
  void create(std::uint64_t child) const {
    order.actors_[child].created = true;
    say(Kind::created, child);
    say(Kind::started_thread, child);
  }
  void end() const {
    order.actors_[writer.value].ended = true;
    say(Kind::ended, writer.value);
  }
  void ticket(std::uint64_t id, std::uint64_t ticket) const {
    ObjectOrder& object = order.objects_[id];
    advance(object.next, ticket);
    say(Kind::ticket, id, object.next);
  }

  template <class Event>
  void operator()(const Event& event) const {
    if constexpr (requires { event.object, event.ticket; }) {
      ticket(event.object, event.ticket);
    }
    if constexpr (requires { event.object, event.run; }) {
      ready(event.actor, event.run);
    }
  }

  void operator()(const trace::ThreadStart& event) const {
    if (event.actor != 0) {
      create(event.actor);
    }
  }
  void operator()(const trace::ThreadEnd&) const { end(); }
  void operator()(const trace::GoEnd&) const { end(); }
  void operator()(const trace::Go& event) const { create(event.child); }
  void operator()(const trace::ThreadCreate& event) const { create(event.child); }
  void operator()(const trace::Switch& event) const {
    if (event.actor != 0) {
      order.actors_[event.actor].created = true;
    }
  }
  void operator()(const trace::Ready& event) const { ready(event.actor, event.run); }
  // Unlike the operation that follows it, the choice of a select makes nobody ready.
  void operator()(const trace::Select&) const {}
  void operator()(const trace::Object& event) const {
    ObjectOrder& object = order.objects_[event.object];
    object.known = true;
    object.capacity = event.capacity;
    say(Kind::known, event.object);
  }
  void operator()(const trace::ChanSend& event) const {
    ObjectOrder& channel = order.objects_[event.object];
    advance(channel.next_send, event.ticket);
    say(Kind::send, event.object, channel.next_send);
    ready(event.actor, event.run);
  }
  void operator()(const trace::ChanRecv& event) const {
    if (event.closed == 0) {
      ObjectOrder& channel = order.objects_[event.object];
      advance(channel.next_receive, event.ticket);
      say(Kind::receive, event.object, channel.next_receive);
    }
    ready(event.actor, event.run);
  }
  void operator()(const trace::ChanClose& event) const {
    order.objects_[event.object].closed = true;
    say(Kind::closed, event.object);
  }
  void operator()(const trace::TimerCall& event) const {
    ticket(event.object, event.ticket);
    create(event.child);
  }
  void operator()(const trace::Alloc& event) const { memory(event); }
  void operator()(const trace::Free& event) const { memory(event); }
  template <class Event>
  void memory(const Event& event) const {
    advance(order.memory_[event.stripe], event.ticket);
    say(Kind::memory_stripe, event.stripe, event.ticket + 1);
  }
  void operator()(const trace::Atomic& event) const {
    advance(order.atomics_[event.stripe], event.ticket);
    say(Kind::atomic_stripe, event.stripe, event.ticket + 1);
  }
};

// What is not in the trace was before the fork, and is not waited for.
void Order::begin_after_fork(const Inheritance& inheritance) {
  for (const auto& [id, begin] : inheritance.objects) {
    ObjectOrder& object = objects_[id];
    object.next = begin.operations;
    object.next_send = begin.sends;
    object.next_receive = begin.receives;
    object.closed = !begin.is_closed;
  }
  for (const auto& [stripe, ticket] : inheritance.memory) {
    memory_[stripe] = ticket;
  }
  for (const auto& [stripe, ticket] : inheritance.atomics) {
    atomics_[stripe] = ticket;
  }
}

Need Order::missing(const trace::AnyEvent& event, ActorId writer, std::size_t& known) const {
  return std::visit(Missing{*this, writer, known}, event);
}

void Order::take(const trace::AnyEvent& event, ActorId writer, std::vector<Need>& provided) {
  if (const auto* block = trace::event_as<trace::Block>(&event); block != nullptr && writer) {
    ActorOrder& actor = actors_[writer.value];
    actor.blocked_run = actor.run;
    provided.push_back({Kind::blocked, writer.value, actor.run});
    return;
  }
  if (const auto* run = trace::event_as<trace::Switch>(&event); run != nullptr && run->actor != 0) {
    actors_[run->actor].run = run->run;
  }
  std::visit(Take{*this, writer, provided}, event);
}

}  // namespace gordian::analysis
