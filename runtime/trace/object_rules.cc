// SPDX-License-Identifier: Apache-2.0
#include "runtime/trace/object_rules.h"

#include <algorithm>
#include <set>

namespace gordian::trace {

struct ObjectRules::Note {
  ObjectRules& rules;
  std::uint64_t offset;
  std::uint64_t actor;

  Object& use(std::uint64_t id) const {
    Object& object = rules.objects_[id];
    if (object.used == 0) {
      object.used = offset;
    }
    return object;
  }
  template <class Event>
  void add(const Event& event, Kind kind, std::uint64_t number = 0) const {
    Operation operation{event.ticket, offset, kind, 0, actor, 0, 0, number};
    if constexpr (requires { event.mode; }) {
      operation.mode = event.mode;
    }
    if constexpr (requires { event.delta; }) {
      operation.delta = event.delta;
      operation.value = event.value;
    }
    use(event.object).operations.push_back(operation);
  }

  template <class Event>
  void operator()(const Event& event) const {
    if constexpr (requires { event.object; }) {
      if (event.object != 0) {
        use(event.object);
      }
    }
  }
  void operator()(const trace::Object& event) const {
    Object& object = rules.objects_[event.object];
    if (object.introduced != 0) {
      rules.repeated_.emplace_back(event.object, offset);
    }
    object.introduced = offset;
    object.capacity = event.capacity;
    const auto kind = static_cast<ObjectKind>(event.kind);
    object.counts_permits = kind == ObjectKind::semaphore;
    object.is_channel = kind == ObjectKind::channel || kind == ObjectKind::timer || kind == ObjectKind::context;
  }
  void operator()(const Inherited& event) const { use(event.object).is_inherited = true; }
  void operator()(const Lock& event) const { add(event, Kind::lock); }
  void operator()(const TryLock& event) const { add(event, Kind::lock); }
  void operator()(const Unlock& event) const { add(event, Kind::unlock); }
  void operator()(const WgAdd& event) const { add(event, Kind::add); }
  void operator()(const WgWait& event) const { add(event, Kind::wait); }
  void operator()(const OnceBegin& event) const { add(event, Kind::begin); }
  void operator()(const OnceEnd& event) const { add(event, Kind::end); }
  void operator()(const OnceWait& event) const { add(event, Kind::wait); }
  void operator()(const CondSignal& event) const { add(event, Kind::signal, event.woken); }
  void operator()(const CondWait& event) const { add(event, Kind::wake, event.signal); }
  void operator()(const TimerSet& event) const { add(event, Kind::set, event.period); }
  void operator()(const TimerStop& event) const { add(event, Kind::stop); }
  void operator()(const TimerCall& event) const { add(event, Kind::call); }
  void operator()(const SemAcquire& event) const { add(event, Kind::acquire, event.permits); }
  void operator()(const SemRelease& event) const { add(event, Kind::release, event.permits); }
  void operator()(const ObjectEnd& event) const {
    if (event.ticket != 0) {
      add(event, Kind::other);
    }
  }
  void operator()(const ChanSend& event) const {
    Object& channel = use(event.object);
    channel.sends.push_back({event.ticket, offset});
    if (event.actor == kTimerActor) {
      channel.timer_sends.push_back({.ticket = event.ticket, .offset = offset, .number = event.run});
    }
  }
  void operator()(const ChanRecv& event) const {
    Object& channel = use(event.object);
    if (event.closed != 0) {
      channel.closed_receives.push_back(offset);
    } else {
      channel.receives.push_back({event.ticket, offset});
    }
  }
  void operator()(const ChanClose& event) const { use(event.object).closes.push_back(offset); }
  void operator()(const Alloc& event) const { rules.memory_[event.stripe].push_back({event.ticket, offset}); }
  void operator()(const Free& event) const { rules.memory_[event.stripe].push_back({event.ticket, offset}); }
  void operator()(const Atomic& event) const { rules.atomics_[event.stripe].push_back({event.ticket, offset}); }
};

void ObjectRules::note(const AnyEvent& event, std::uint64_t offset, std::uint64_t actor) {
  std::visit(Note{*this, offset, actor}, event);
}

void ObjectRules::check_tickets(Sequence& sequence, bool is_inherited, const std::string& name, const Report& report) {
  std::sort(sequence.begin(), sequence.end(), [](const Operation& a, const Operation& b) {
    return std::pair(a.ticket, a.offset) < std::pair(b.ticket, b.offset);
  });
  std::uint64_t next = is_inherited && !sequence.empty() ? sequence.front().ticket : 1;
  for (const Operation& operation : sequence) {
    if (operation.ticket != next) {
      report(Rule::tickets, operation.offset,
             name + ": ticket " + std::to_string(operation.ticket) + " where " + std::to_string(next) + " is next");
      return;
    }
    ++next;
  }
}

void ObjectRules::check_lock(const Object& object, const std::string& name, const Report& report) {
  std::uint64_t writers = 0;
  std::uint64_t readers = 0;
  for (const Operation& operation : object.operations) {
    std::uint64_t& holders = operation.mode == 0 ? writers : readers;
    if (operation.kind == Kind::lock) {
      if (writers > 0 || (operation.mode == 0 && readers > 0)) {
        report(Rule::lock_free, operation.offset, name + " is taken while it is held");
        return;
      }
      ++holders;
    } else if (operation.kind == Kind::unlock) {
      if (holders == 0) {
        report(Rule::lock_held, operation.offset, name + " is released while nobody holds it");
        return;
      }
      --holders;
    }
  }
}

void ObjectRules::check_channel(const Object& object, const std::string& name, const Report& report) {
  if (object.receives.size() > object.sends.size()) {
    report(Rule::channel_balance, object.receives[object.sends.size()].offset, name + " receives what nobody sent");
  } else if (object.sends.size() - object.receives.size() > object.capacity + 1) {  // one hand-over may be cut in half
    report(Rule::channel_balance, object.sends.back().offset, name + " holds more than its capacity");
  }
  if (object.closes.size() > 1) {
    report(Rule::closed_once, object.closes[1], name + " is closed again");
  }
  if (object.closes.empty() && !object.closed_receives.empty()) {
    report(Rule::closed_once, object.closed_receives.front(), name + " was never closed");
  }
}

void ObjectRules::check_counters(const Object& object, const std::string& name, const Report& report) {
  std::int64_t value = 0;
  bool counts = false;
  bool began = false;
  bool ended = false;
  for (const Operation& operation : object.operations) {
    switch (operation.kind) {
      case Kind::add:
        counts = true;
        value += operation.delta;
        if (value != operation.value) {
          report(Rule::counter, operation.offset, name + " has another value than its changes make");
          return;
        }
        break;
      case Kind::wait:
        if (began ? !ended : counts && value != 0) {
          report(began ? Rule::once_order : Rule::counter, operation.offset, name + ": a wait returned too early");
          return;
        }
        break;
      case Kind::begin:
      case Kind::end:
        if (ended || began == (operation.kind == Kind::begin)) {
          report(Rule::once_order, operation.offset, name + " begins or ends again");
          return;
        }
        began = true;
        ended = operation.kind == Kind::end;
        break;
      default:
        break;
    }
  }
}

void ObjectRules::check_signals(const Object& object, const std::string& name, const Report& report) {
  std::map<std::uint64_t, std::uint64_t> left;  // waits that a signal may still end
  for (const Operation& operation : object.operations) {
    if (operation.kind == Kind::signal) {
      left[operation.ticket] = operation.number;
    } else if (operation.kind == Kind::wake && operation.number != 0 && left[operation.number]-- == 0) {
      report(Rule::signalled, operation.offset, name + ": a wait is ended by a signal that did not");
      return;
    }
  }
}

// Of a channel's sends it is known by which set of the timer they were made, not when.
void ObjectRules::check_timer(const Object& object, const std::string& name, const Report& report) {
  bool is_set = false;
  bool repeats = false;
  std::set<std::uint64_t> sets;
  for (const Operation& operation : object.operations) {
    if (operation.kind == Kind::set) {
      is_set = true;
      repeats = operation.number != 0;
      sets.insert(operation.ticket);
    } else if (operation.kind == Kind::stop) {
      is_set = false;
    } else if (operation.kind == Kind::call) {
      if (!is_set) {
        report(Rule::timer_set, operation.offset, name + " calls although it is not set");
        return;
      }
      is_set = repeats;
    }
  }
  for (const Operation& send : object.timer_sends) {
    if (!sets.contains(send.number)) {
      report(Rule::timer_set, send.offset, name + ": a timer sends that was not set");
      return;
    }
  }
}

void ObjectRules::check_permits(const Object& object, const std::string& name, const Report& report) {
  std::uint64_t given = 0;
  for (const Operation& operation : object.operations) {
    const bool acquires = operation.kind == Kind::acquire;
    if (!acquires && operation.kind != Kind::release) {
      continue;
    }
    if (operation.number > (acquires ? object.capacity - given : given)) {
      report(Rule::permits, operation.offset, name + (acquires ? " gives more than it has" : " takes back too much"));
      return;
    }
    given = acquires ? given + operation.number : given - operation.number;
  }
}

void ObjectRules::finish(const Report& report) {
  for (const auto& [id, offset] : repeated_) {
    report(Rule::introduced, offset, "object " + std::to_string(id) + " is introduced again");
  }
  for (auto& [id, object] : objects_) {
    const std::string name = "object " + std::to_string(id);
    if (object.introduced == 0) {
      report(Rule::introduced, object.used, name + " was never introduced");
    }
    check_tickets(object.operations, object.is_inherited, name, report);
    check_tickets(object.sends, object.is_inherited, name + ", sends", report);
    check_tickets(object.receives, object.is_inherited, name + ", receives", report);
    if (object.is_inherited) {
      continue;  // in which state it was is not known
    }
    check_lock(object, name, report);
    check_counters(object, name, report);
    check_signals(object, name, report);
    check_timer(object, name, report);
    if (object.counts_permits) {
      check_permits(object, name, report);
    }
    if (object.is_channel) {
      check_channel(object, name, report);
    }
  }
  for (auto& [stripe, sequence] : memory_) {
    check_tickets(sequence, after_fork_, "memory stripe " + std::to_string(stripe), report);
  }
  for (auto& [stripe, sequence] : atomics_) {
    check_tickets(sequence, after_fork_, "atomic stripe " + std::to_string(stripe), report);
  }
}

}  // namespace gordian::trace
