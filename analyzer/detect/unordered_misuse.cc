// SPDX-License-Identifier: Apache-2.0
// The merged order respects every edge: of two calls only the later one can know the earlier one.
#include "analyzer/detect/unordered_misuse.h"

#include <algorithm>

#include "analyzer/detect/describe.h"

namespace gordian::analysis {

// What an actor knew when it began: its own step comes after.
void UnorderedMisuse::step(const Step& step) {
  if (step.actor && step.actor.value != trace::kTimerActor) {
    look(step);
  }
  order_.step(step);
}

void UnorderedMisuse::look(const Step& step) {
  if (const auto* send = std::get_if<trace::ChanSend>(&step.event)) {
    sent(step, ObjectId(send->object));
  } else if (const auto* close = std::get_if<trace::ChanClose>(&step.event)) {
    closed(step, ObjectId(close->object));
  } else if (const auto* add = std::get_if<trace::WgAdd>(&step.event)) {
    added(step, *add);
  } else if (const auto* wait = std::get_if<trace::WgWait>(&step.event)) {
    waited(step, *wait);
  } else if (const auto* end = std::get_if<trace::ObjectEnd>(&step.event)) {
    channels_.erase(ObjectId(end->object));
    groups_.erase(ObjectId(end->object));
  } else if (const auto* block = std::get_if<trace::Block>(&step.event);
             block != nullptr && static_cast<trace::WaitReason>(block->reason) == trace::WaitReason::wait_group) {
    for (const std::uint64_t group : block->objects) {
      begins_to_wait(step, ObjectId(group));
    }
  }
}

std::vector<UnorderedMisuse::Call> UnorderedMisuse::unknown(const Calls& calls, const Call& call) {
  std::vector<Call> result;
  for (const auto& [slot, other] : calls) {
    if (!order_.knows(call.actor, other.moment)) {
      result.push_back(other);
    }
  }
  return result;
}

void UnorderedMisuse::sent(const Step& step, ObjectId id) {
  const Call send = call(step);
  Channel& channel = channels_[id];
  for (const Call& close : unknown(channel.closes, send)) {
    found("close-during-send", {id, send, close});
  }
  channel.sends[send.moment.slot] = send;
}

void UnorderedMisuse::closed(const Step& step, ObjectId id) {
  const Call close = call(step);
  Channel& channel = channels_[id];
  for (const Call& send : unknown(channel.sends, close)) {
    found("close-during-send", {id, send, close});
  }
  channel.closes[close.moment.slot] = close;
}

// Who knows that a wait has returned begins a new round; who knows of none should have come before them.
void UnorderedMisuse::added(const Step& step, const trace::WgAdd& event) {
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

void UnorderedMisuse::begins_to_wait(const Step& step, ObjectId id) {
  const Call wait = call(step);
  Group& group = groups_[id];
  for (const Call& add : unknown(group.adds, wait)) {
    found("waitgroup-add-during-wait", {id, add, wait});
  }
  group.waits[wait.moment.slot] = wait;
}

// Who blocked began then.
void UnorderedMisuse::waited(const Step& step, const trace::WgWait& event) {
  if (event.actor == 0) {
    begins_to_wait(step, ObjectId(event.object));
  }
  Group& group = groups_[ObjectId(event.object)];
  if (const auto wait = group.waits.find(order_.now(step.actor).slot); wait != group.waits.end()) {
    wait->second.is_over = true;
    wait->second.had_adds = group.was_used;
  }
}

void UnorderedMisuse::found(std::string_view subkind, const Pair& pair) {
  const auto [known, is_new] = pairs_.try_emplace({subkind, pair.one.place, pair.another.place, pair.object}, pair);
  Pair& shown = known->second;
  if (!is_new) {
    const std::uint64_t count = shown.count + 1;
    shown = pair.certainty < shown.certainty ? pair : shown;
    shown.count = count;
  }
}

Finding UnorderedMisuse::make(std::string_view subkind, const Pair& pair) const {
  const Describer describe(scene_);
  Finding finding;
  finding.kind = FindingKind::Misuse;
  finding.subkind = subkind;
  finding.certainty = pair.certainty;
  finding.occurrences = pair.count;
  finding.object = describe.object(pair.object, pair.one.place);
  for (const Call* call : {&pair.one, &pair.another}) {
    ActorRef actor = describe.actor(call->actor);
    actor.role = Role::performs;
    actor.stack = describe.stack(call->place);
    actor.objects.push_back(finding.object);
    finding.actors.push_back(std::move(actor));
  }
  return finding;
}

bool UnorderedMisuse::is_struck(ObjectId object) const {
  const std::vector<PanicRecord>& panics = scene_.world.panics();
  return std::any_of(panics.begin(), panics.end(), [&](const PanicRecord& panic) { return panic.object == object; });
}

// The same two places on many objects are one mistake.
void UnorderedMisuse::finish(std::vector<Finding>& findings) {
  std::map<std::tuple<std::string_view, Place, Place>, Pair> mistakes;
  for (const auto& [key, pair] : pairs_) {
    if (is_struck(pair.object)) {
      continue;
    }
    const auto& [subkind, one, another, object] = key;
    const auto [known, is_new] = mistakes.try_emplace({subkind, one, another}, pair);
    Pair& shown = known->second;
    if (!is_new) {
      const std::uint64_t count = shown.count + pair.count;
      shown = pair.certainty < shown.certainty ? pair : shown;
      shown.count = count;
    }
  }
  for (const auto& [key, pair] : mistakes) {
    findings.push_back(make(std::get<0>(key), pair));
  }
}

}  // namespace gordian::analysis
