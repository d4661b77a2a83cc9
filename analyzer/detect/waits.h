// SPDX-License-Identifier: Apache-2.0
// What several detectors ask of the state of an actor: does it wait for a lock, for a channel, how does it hold a lock.
#pragma once

#include <algorithm>

#include "analyzer/model/world.h"

namespace gordian::analysis {

inline constexpr ActorId kMain{1};

inline bool is_lock_wait(trace::WaitReason reason) {
  using trace::WaitReason;
  return reason == WaitReason::mutex_lock || reason == WaitReason::rwmutex_lock || reason == WaitReason::rwmutex_rlock;
}

inline bool is_channel_wait(trace::WaitReason reason) {
  using trace::WaitReason;
  return reason == WaitReason::chan_receive || reason == WaitReason::chan_send || reason == WaitReason::select;
}

// Ended by the clock or by the world outside the program: nobody in it is needed for that.
inline bool ends_by_itself(trace::WaitReason reason) {
  return reason == trace::WaitReason::sleep || reason == trace::WaitReason::io_wait;
}

// Null if the actor does not hold it.
inline const HeldLock* hold_of(const ActorState& actor, ObjectId lock) {
  const auto hold =
      std::find_if(actor.holds.begin(), actor.holds.end(), [&](const HeldLock& held) { return held.object == lock; });
  return hold == actor.holds.end() ? nullptr : &*hold;
}

}  // namespace gordian::analysis
