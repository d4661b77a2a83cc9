// SPDX-License-Identifier: Apache-2.0
// Channels, select and timers of the simulated programs, with Go's rules: the longest waiter first, a value handed over
// by the active side, which writes down both halves.
#include <algorithm>

#include "tests/oracle/simulation.h"

namespace gordian::oracle {

using trace::PanicCode;
using trace::WaitReason;

void Simulation::use_channel(Actor& actor, Object& channel) {
  if (chance(25)) {
    select(actor);
    return;
  }
  introduce(channel);
  if (channel.has_timer && (channel.set == 0 || chance(15))) {
    set_timer(actor, channel);
  } else if (!channel.has_timer && chance(4)) {
    close(actor, channel);
  } else if (!channel.has_timer && chance(50)) {
    if (channel.is_closed) {
      write(trace::Panic{site(), static_cast<std::uint64_t>(PanicCode::send_on_closed), channel.id, "closed"});
    } else if (can_send(channel, actor)) {
      send(actor, channel);
    } else if (chance(30)) {
      write(trace::ChanTryFailed{site(), channel.id, 1});
    } else {
      wait_on(actor, {{static_cast<std::size_t>(&channel - channels_.data()), true}}, false);
    }
  } else if (can_receive(channel, actor)) {
    receive(actor, channel);
  } else if (chance(30)) {
    write(trace::ChanTryFailed{site(), channel.id, 0});
  } else {
    wait_on(actor, {{static_cast<std::size_t>(&channel - channels_.data()), false}}, false);
  }
}

Simulation::Actor* Simulation::first_other(const std::vector<Actor*>& queue, const Actor& actor) {
  const auto other = std::find_if(queue.begin(), queue.end(), [&](const Actor* waiter) { return waiter != &actor; });
  return other != queue.end() ? *other : nullptr;
}

bool Simulation::can_send(const Object& channel, const Actor& actor) const {
  return !channel.is_closed &&
         (first_other(channel.receivers, actor) != nullptr || channel.sent - channel.received < channel.capacity);
}

bool Simulation::can_receive(const Object& channel, const Actor& actor) const {
  return channel.is_closed || channel.has_value || channel.sent > channel.received ||
         first_other(channel.senders, actor) != nullptr;
}

void Simulation::send(Actor& actor, Object& channel) {
  perform(actor, trace::ChanSend{site(), channel.id, ++channel.sent});
  if (Actor* waiter = first_other(channel.receivers, actor)) {
    commit(*waiter, channel, false);
    perform(*waiter, trace::ChanRecv{site(), channel.id, ++channel.received});
  }
}

void Simulation::receive(Actor& actor, Object& channel) {
  Actor* waiter = first_other(channel.senders, actor);
  if (channel.has_value) {
    channel.has_value = false;
    send_time(channel, ++channel.sent);
    perform(actor, trace::ChanRecv{site(), channel.id, ++channel.received});
  } else if (channel.capacity == 0 && waiter != nullptr) {
    commit(*waiter, channel, true);
    perform(*waiter, trace::ChanSend{site(), channel.id, ++channel.sent});
    perform(actor, trace::ChanRecv{site(), channel.id, ++channel.received});
  } else if (channel.sent > channel.received) {
    perform(actor, trace::ChanRecv{site(), channel.id, ++channel.received});
    if (waiter != nullptr) {
      commit(*waiter, channel, true);
      perform(*waiter, trace::ChanSend{site(), channel.id, ++channel.sent});
    }
  } else {
    perform(actor, trace::ChanRecv{site(), channel.id, 0, 1});
  }
}

void Simulation::close(Actor& actor, Object& channel) {
  if (channel.is_closed) {
    write(trace::Panic{site(), static_cast<std::uint64_t>(PanicCode::close_of_closed), channel.id, "closed"});
    return;
  }
  channel.is_closed = true;
  perform(actor, trace::ChanClose{site(), channel.id});
  while (!channel.receivers.empty()) {
    Actor& waiter = *channel.receivers.front();
    commit(waiter, channel, false);
    perform(waiter, trace::ChanRecv{site(), channel.id, 0, 1});
  }
  while (!channel.senders.empty()) {
    Actor& waiter = *channel.senders.front();
    commit(waiter, channel, true);
    ready(waiter);
  }
}

// The waiting actor's operation on this channel comes about: the choice of its select, then it leaves all queues.
void Simulation::commit(Actor& waiter, const Object& channel, bool sends) {
  if (waiter.in_select) {
    const auto chosen = std::find_if(waiter.cases.begin(), waiter.cases.end(), [&](const Case& entry) {
      return entry.channel != kNil && &channels_[entry.channel] == &channel && entry.sends == sends;
    });
    const auto index = static_cast<std::uint64_t>(chosen - waiter.cases.begin());
    const std::vector<std::uint64_t> words = words_of(waiter.cases);
    perform(waiter, trace::Select{site(), index, std::uint64_t{1} << index, 0, 0, words});
  }
  dequeue(waiter);
  wake(waiter);
}

void Simulation::dequeue(Actor& actor) {
  for (Object& channel : channels_) {
    std::erase(channel.senders, &actor);
    std::erase(channel.receivers, &actor);
  }
  actor.cases.clear();
  actor.in_select = false;
}

std::vector<std::uint64_t> Simulation::words_of(const std::vector<Case>& cases) const {
  std::vector<std::uint64_t> words;
  words.reserve(cases.size());
  for (const Case& entry : cases) {
    words.push_back(entry.channel == kNil ? 0 : channels_[entry.channel].id * 2 + (entry.sends ? 1 : 0));
  }
  return words;
}

void Simulation::wait_on(Actor& actor, std::vector<Case> cases, bool in_select) {
  std::vector<std::uint64_t> objects;
  for (const Case& entry : cases) {
    if (entry.channel != kNil) {
      Object& channel = channels_[entry.channel];
      (entry.sends ? channel.senders : channel.receivers).push_back(&actor);
      objects.push_back(in_select ? channel.id * 2 + (entry.sends ? 1 : 0) : channel.id);
    }
  }
  const bool sends = cases.front().sends;
  actor.cases = std::move(cases);
  actor.in_select = in_select;
  block(actor, in_select ? WaitReason::select : sends ? WaitReason::chan_send : WaitReason::chan_receive, objects);
}

void Simulation::select(Actor& actor) {
  std::vector<Case> cases;
  std::uint64_t ready_mask = 0;
  std::vector<std::size_t> ready_cases;
  for (std::uint64_t i = 0, count = 1 + below(3); i < count; ++i) {
    Case entry{below(channels_.size()), chance(50)};
    Object& channel = channels_[entry.channel];
    if (channel.has_timer || channel.is_closed) {
      entry.sends = false;
    }
    if (chance(10)) {
      cases.push_back({kNil, entry.sends});
      continue;
    }
    introduce(channel);
    if (entry.sends ? can_send(channel, actor) : can_receive(channel, actor)) {
      ready_mask |= std::uint64_t{1} << i;
      ready_cases.push_back(i);
    }
    cases.push_back(entry);
  }
  const std::vector<std::uint64_t> words = words_of(cases);
  if (!ready_cases.empty()) {
    const std::size_t chosen = ready_cases[below(ready_cases.size())];
    perform(actor, trace::Select{site(), chosen, ready_mask, 0, 0, words});
    Object& channel = channels_[cases[chosen].channel];
    if (cases[chosen].sends) {
      send(actor, channel);
    } else {
      receive(actor, channel);
    }
  } else if (chance(40)) {
    perform(actor, trace::Select{site(), cases.size(), 0, 0, 0, words});
  } else {
    wait_on(actor, std::move(cases), true);
  }
}

void Simulation::send_time(const Object& channel, std::uint64_t ticket) {
  const trace::ChanSend event{0, channel.id, ticket, trace::kTimerActor, channel.set};
  write(event);
  log({trace::kTimerActor, event});
}

// The clock sends to who waits; otherwise the value lies there, unwritten, until somebody takes it.
void Simulation::fire(Object& channel) {
  --channel.timers;
  if (channel.receivers.empty()) {
    channel.has_value = true;
    return;
  }
  Actor& waiter = *channel.receivers.front();
  send_time(channel, ++channel.sent);
  commit(waiter, channel, false);
  perform(waiter, trace::ChanRecv{site(), channel.id, ++channel.received});
}

}  // namespace gordian::oracle
