// SPDX-License-Identifier: Apache-2.0
// One line per kind of event.
#include "analyzer/detect/acts.h"

#include <algorithm>

namespace gordian::analysis {
namespace {

using trace::LockMode;

struct ToDeed {
  using Result = std::optional<Deed>;

  static bool is_shared(std::uint64_t mode) { return static_cast<LockMode>(mode) == LockMode::shared; }
  static Result on(Act act, std::uint64_t object) { return Deed{act, object, {}, 0}; }
  static Result with(Act act, std::uint64_t other) { return Deed{act, 0, ActorId(other), 0}; }

  template <class Event>
  Result operator()(const Event& /*orders nothing*/) const {
    return {};
  }
  Result operator()(const trace::Go& event) const { return with(Act::go, event.child); }
  Result operator()(const trace::ThreadCreate& event) const { return with(Act::create_thread, event.child); }
  Result operator()(const trace::ThreadJoin& event) const { return with(Act::join_thread, event.child); }
  Result operator()(const trace::GoEnd&) const { return Deed{Act::end, 0, {}, 0}; }
  Result operator()(const trace::ThreadEnd&) const { return Deed{Act::end, 0, {}, 0}; }

  Result operator()(const trace::Lock& event) const {
    return on(is_shared(event.mode) ? Act::read_lock : Act::lock, event.object);
  }
  Result operator()(const trace::TryLock& event) const {
    return on(is_shared(event.mode) ? Act::read_lock : Act::lock, event.object);
  }
  Result operator()(const trace::Unlock& event) const {
    return on(is_shared(event.mode) ? Act::read_unlock : Act::unlock, event.object);
  }

  Result operator()(const trace::ChanSend& event) const { return Deed{Act::send, event.object, {}, event.ticket}; }
  Result operator()(const trace::ChanRecv& event) const {
    return Deed{event.closed != 0 ? Act::see_closed : Act::receive, event.object, {}, event.ticket};
  }
  Result operator()(const trace::ChanClose& event) const { return on(Act::close, event.object); }
  Result operator()(const trace::TimerSet& event) const { return on(Act::set_timer, event.object); }
  Result operator()(const trace::TimerStop& event) const { return on(Act::stop_timer, event.object); }
  Result operator()(const trace::TimerCall& event) const { return with(Act::go, event.child); }

  Result operator()(const trace::CondSignal& event) const { return on(Act::signal, event.object); }
  Result operator()(const trace::CondWait& event) const { return on(Act::wake, event.object); }
  Result operator()(const trace::SemAcquire& event) const { return on(Act::acquire, event.object); }
  Result operator()(const trace::SemRelease& event) const { return on(Act::release, event.object); }
  Result operator()(const trace::WgAdd& event) const {
    return on(event.delta < 0 ? Act::done : Act::add, event.object);
  }
  Result operator()(const trace::WgWait& event) const { return on(Act::wait, event.object); }
  Result operator()(const trace::OnceBegin& event) const { return on(Act::begin_once, event.object); }
  Result operator()(const trace::OnceEnd& event) const { return on(Act::end_once, event.object); }
  Result operator()(const trace::OnceWait& event) const { return on(Act::pass_once, event.object); }

  Result operator()(const trace::Atomic& event) const {
    constexpr Act kActs[] = {Act::atomic_load, Act::atomic_store, Act::atomic_update};
    constexpr Act kOfCalls[] = {Act::acquire, Act::release, Act::release};
    const Act* acts = event.size != 0 ? kActs : kOfCalls;
    return event.op <= 2 ? Deed{acts[event.op], event.address, {}, 0, true} : Result();
  }
  Result operator()(const trace::Fence&) const { return Deed{Act::fence, 0, {}, 0}; }
};

}  // namespace

std::optional<Deed> Deeds::of(const Step& step) {
  if (trace::is_event<trace::Atomic>(step.event) && !is_users(step.place)) {
    return {};
  }
  return std::visit(ToDeed{}, step.event);
}

bool Deeds::is_users(const Place& place) {
  const auto [known, is_new] = users_.try_emplace(place, false);
  if (is_new) {
    const Stack stack = scene_.symbols.resolve(scene_.stacks, place);
    known->second = std::any_of(stack.begin(), stack.end(), [](const Frame& frame) { return !frame.internal; });
  }
  return known->second;
}

}  // namespace gordian::analysis
