// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/unordered_calls.h"

namespace gordian::analysis {

void UnorderedCalls::step(const Step& step) {
  if (!step.actor || step.actor.value == trace::kTimerActor) {
    return;
  }
  if (const auto* send = trace::event_as<trace::ChanSend>(&step.event)) {
    sent(step, ObjectId(send->object));
  } else if (const auto* close = trace::event_as<trace::ChanClose>(&step.event)) {
    closed(step, ObjectId(close->object));
  } else if (const auto* add = trace::event_as<trace::WgAdd>(&step.event)) {
    added(step, *add);
  } else if (const auto* wait = trace::event_as<trace::WgWait>(&step.event)) {
    waited(step, *wait);
  } else if (const auto* end = trace::event_as<trace::ObjectEnd>(&step.event)) {
    channels_.erase(ObjectId(end->object));
    groups_.erase(ObjectId(end->object));
  } else if (const auto* block = trace::event_as<trace::Block>(&step.event);
             block != nullptr && static_cast<trace::WaitReason>(block->reason) == trace::WaitReason::wait_group) {
    for (const std::uint64_t group : block->objects) {
      begins_to_wait(step, ObjectId(group));
    }
  }
}

std::vector<UnorderedCalls::Call> UnorderedCalls::unknown(const Calls& calls, const Call& call) {
  std::vector<Call> result;
  const VectorClock& knows = order_.actor(call.actor).clock;
  for (const auto& [slot, other] : calls) {
    if (!knows.knows(other.moment)) {
      result.push_back(other);
    }
  }
  return result;
}

void UnorderedCalls::sent(const Step& step, ObjectId id) {
  const Call send = call(step);
  Channel& channel = channels_[id];
  for (const Call& close : unknown(channel.closes, send)) {
    found("close-during-send", {id, send, close});
  }
  channel.sends[send.moment.slot] = send;
}

void UnorderedCalls::closed(const Step& step, ObjectId id) {
  const Call close = call(step);
  Channel& channel = channels_[id];
  for (const Call& send : unknown(channel.sends, close)) {
    found("close-during-send", {id, send, close});
  }
  channel.closes[close.moment.slot] = close;
}

// Who knows that a wait has returned begins a new round; who knows of none should have come before them.
void UnorderedCalls::added(const Step& step, const trace::WgAdd& event) {
  const ObjectId id(event.object);
  Group& group = groups_[id];
  if (event.delta > 0 && event.value == event.delta) {
    const Call add = call(step);
    const std::vector<Call> waits = unknown(group.waits, add);
    const bool is_new_round = waits.size() < group.waits.size();
    for (const Call& wait : waits) {
      const bool came_first = wait.is_over && !wait.had_adds && !is_new_round;
      found(is_new_round ? "waitgroup-reused" : "waitgroup-add-during-wait",
            {id, add, wait, came_first ? Certainty::observed : Certainty::potential});
    }
    group.adds[add.moment.slot] = add;
  }
  group.was_used = true;
}

void UnorderedCalls::begins_to_wait(const Step& step, ObjectId id) {
  const Call wait = call(step);
  Group& group = groups_[id];
  for (const Call& add : unknown(group.adds, wait)) {
    found("waitgroup-add-during-wait", {id, add, wait});
  }
  group.waits[wait.moment.slot] = wait;
}

// Who blocked began then.
void UnorderedCalls::waited(const Step& step, const trace::WgWait& event) {
  if (event.actor == 0) {
    begins_to_wait(step, ObjectId(event.object));
  }
  Group& group = groups_[ObjectId(event.object)];
  if (const auto wait = group.waits.find(order_.actor(step.actor).slot); wait != group.waits.end()) {
    wait->second.is_over = true;
    wait->second.had_adds = group.was_used;
  }
}

void UnorderedCalls::Pair::add(const Pair& other) {
  const std::uint64_t sum = count + other.count;
  *this = other.certainty < certainty ? other : *this;
  count = sum;
}

void UnorderedCalls::found(std::string_view subkind, const Pair& pair) {
  const auto [known, is_new] = pairs_.try_emplace({subkind, pair.one.place, pair.another.place, pair.object}, pair);
  if (!is_new) {
    known->second.add(pair);
  }
}

}  // namespace gordian::analysis
