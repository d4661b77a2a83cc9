// SPDX-License-Identifier: Apache-2.0
// Wakes the waiters that were collected under an object's lock, after that lock was released.
#pragma once

#include "runtime/sched/sched.h"
#include "runtime/sync/waiter.h"

namespace gordian::rt::sync {

inline void wake_all(const WaitQueue& woken) noexcept {
  for (Waiter* waiter = woken.head; waiter != nullptr;) {
    Waiter* const next = waiter->next;  // before the wake: the waiter's stack may be gone after it
    sched::wake(*waiter->row);
    waiter = next;
  }
}

}  // namespace gordian::rt::sync
