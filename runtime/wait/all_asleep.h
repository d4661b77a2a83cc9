// SPDX-License-Identifier: Apache-2.0
// All asleep. One counter of threads that are awake: workers that are not parked and plain threads that are not parked
// on an object of ours. Only going idle and waking an idle thread touch it, so the hot paths pay nothing.
//
// [A1] A thread counts itself out as the last step before it sleeps, after its final look at the queues.
// [A2] A waker counts the sleeper in before it wakes it, and is awake itself: zero is never seen while work is under
// way. [A3] A worker that sleeps until a timer is due counts as awake. Hence: whoever brings the counter to zero knows
// that nobody can ever run again.
// [A4] What hangs is the program's own business until something of ours is waited for: threads that only join each
// other hang as they would without us, and the recording tells. For the same reason a thread that sleeps inside the C
// library for anything but a join counts as awake (table.h, begin_outside_wait).
#pragma once

#include <cstdint>

#include "runtime/base/ids.h"

namespace gordian::rt::wait {

void count_awake() noexcept;
// The caller goes to sleep, or ends. If it was the last one awake and something waits: prints the dump, exits with 2.
// If nothing waits in a process without main, it is over: exit(0), as when the last thread of any process ends.
void count_asleep() noexcept;

// main called goexit: Go's text is another one then.
void note_main_goexit() noexcept;
// The program is dying of something else: sleeping is no news any more.
void stop_watching() noexcept;
// In the child of a fork: so many are awake. without_main: as soon as nothing runs or waits, the program is over.
void count_anew(std::uint32_t awake, bool without_main) noexcept;

}  // namespace gordian::rt::wait
