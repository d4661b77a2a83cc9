// SPDX-License-Identifier: Apache-2.0
// From one goroutine to another, or to the scheduler's stack. The thread's own state that a goroutine believes to own
// travels with it: errno and the exceptions it handles. What is looked up by thread is looked up again after each jump.
#pragma once

#include "runtime/sched/worker.h"

namespace gordian::rt::sched {

// Leaves the running goroutine for `to` (null: the scheduler). Returns when the goroutine is run again, anywhere.
void leave(Goroutine* from, Goroutine* to) noexcept;
// From the scheduler's stack: runs `to` and whatever follows it until somebody comes back to the scheduler.
void run_from_scheduler(Worker* worker, Goroutine* to) noexcept;
// First thing on a scheduler's new stack: what was left to get there.
void begin_scheduler(Worker* worker, Context left) noexcept;
// The body of the running goroutine returned. Never returns, unless a fresh goroutine took over the stack.
void finish_current() noexcept;
// Whom the worker should run next without going through its scheduler; null: go there.
Goroutine* pick_local(Worker* worker) noexcept;

}  // namespace gordian::rt::sched
