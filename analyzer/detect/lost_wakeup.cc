// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/lost_wakeup.h"

namespace gordian::analysis {

void LostSignals::step(const Step& step) {
  if (const auto* signal = trace::event_as<trace::CondSignal>(&step.event); signal != nullptr && signal->woken == 0) {
    auto& [latest, other] = unheard_[ObjectId(signal->object)];
    if (latest.signal.actor != step.actor) {
      other = latest;
    }
    latest = {signal->ticket, {step.actor, step.place, signal->all != 0}};
  } else if (const auto* wait = trace::event_as<trace::CondWait>(&step.event)) {
    returned_[{ObjectId(wait->object), step.actor}] = wait->ticket;
  }
}

const LostSignal* LostSignals::missed_by(const ActorState& waiter) const {
  if (waiter.reason != trace::WaitReason::cond_wait || waiter.blocked_on.empty()) {
    return nullptr;
  }
  const ObjectId cond = waiter.blocked_on.front().object;
  const auto known = unheard_.find(cond);
  if (known == unheard_.end()) {
    return nullptr;
  }
  const auto last_return = returned_.find({cond, waiter.id});
  const std::uint64_t since = last_return == returned_.end() ? 0 : last_return->second;
  const auto& [latest, other] = known->second;
  const Unheard& candidate = latest.signal.actor == waiter.id ? other : latest;
  return candidate.signal.actor && candidate.ticket > since ? &candidate.signal : nullptr;
}

}  // namespace gordian::analysis
