// SPDX-License-Identifier: Apache-2.0
// Signals that found nobody waiting. A signal is not kept: who waits on the Cond after it waits for the next one. An
// actor that is stuck in such a wait has missed one if, since it last returned from this Cond (or since ever), somebody
// else signalled to nobody: had it waited then, that signal would have ended the wait. Explains a wait that is known to
// be stuck, never decides that it is.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>

#include "analyzer/model/step.h"
#include "analyzer/model/world.h"

namespace gordian::analysis {

struct LostSignal {
  ActorId actor{};
  Place place;
  bool all = false;  // a broadcast
};

class LostSignals {
 public:
  void step(const Step& step);

  // The last signal that the actor, blocked on a Cond, came too late for; null if there was none.
  [[nodiscard]] const LostSignal* missed_by(const ActorState& waiter) const;

 private:
  // Sequences are the Cond's tickets. Of each Cond the last two unheard signals by different actors: one of them is not
  // the waiter's own.
  struct Unheard {
    std::uint64_t ticket = 0;
    LostSignal signal;
  };
  std::unordered_map<ObjectId, std::pair<Unheard, Unheard>> unheard_;  // the latest first
  std::map<std::pair<ObjectId, ActorId>, std::uint64_t> returned_;     // ticket of the last wait that ended
};

}  // namespace gordian::analysis
