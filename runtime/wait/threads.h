// SPDX-License-Identifier: Apache-2.0
// Plain threads as actors. The creator counts its child before the child exists, so that "nobody is awake" can never be
// seen between the two; pthread_create is interposed by runtime/intercept, which calls these. A thread that slipped
// through (raw clone, dlmopen) is adopted at its first operation and leaves through a pthread key.
#pragma once

#include "runtime/wait/row.h"

namespace gordian::rt::wait {

// In the creator: one more thread is awake. Before pthread_create; undone if that failed.
void thread_will_start() noexcept;
void thread_did_not_start() noexcept;

// In the child, after record::start_own_thread(): takes a row for it.
Row* enter_thread(record::Actor* actor, ActorId creator) noexcept;
// In the child, last, before record::end_thread(): the row becomes vacant and one thread less is awake.
void leave_thread() noexcept;

// Around the C library's wait for the end of another thread (pthread_join, without a time limit). The joiner counts as
// asleep in between if the other one is known to run; its end counts the joiner in [A2]. A goroutine that joins lends
// its worker's turn to another worker meanwhile. Records Block{thread_join}; afterwards Ready and Switch.
void begin_join(ActorId target) noexcept;
void end_join() noexcept;

// What the scheduler does around a call that blocks a worker's thread.
void set_outside_hooks(void (*begin)() noexcept, void (*end)() noexcept) noexcept;

// In the child of a fork: of all rows only the caller's is left.
void forget_others() noexcept;

// For a thread nobody announced.
Row& adopt_thread() noexcept;

}  // namespace gordian::rt::wait
