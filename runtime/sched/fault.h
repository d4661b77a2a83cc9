// SPDX-License-Identifier: Apache-2.0
// Fatal signals. A fault in the guard of the running goroutine's stack is Go's "stack overflow": its words, its stack,
// exit status 2. Every other one is the program's own affair: the trace is told who died of what, then the signal takes
// the course it would have taken without us. A handler that the program installs replaces ours.
#pragma once

namespace gordian::rt::sched {

// Once, before any other thread. Signals that are ignored or handled already keep their disposition.
void watch_faults() noexcept;
// Once per thread that runs goroutines: the stack on which a handler runs when the goroutine's has none left.
void give_signal_stack() noexcept;

}  // namespace gordian::rt::sched
