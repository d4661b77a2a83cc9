// SPDX-License-Identifier: Apache-2.0
// The end of the program: main returned, or somebody called exit(). What then runs is atexit handlers and static
// destructors, on the thread that ends the program; what of goroutines may still run beside them is this:
// [S1] A parked or runnable goroutine never runs again, except the one that ends the program.
// [S2] A goroutine that runs on another worker goes on to its next scheduling point (park, yield, end, a lock that is
//      taken) and stops there. The end waits for that, 100 ms at most: one that computes for longer without such a
//      point, or blocks in a call of the C library, lives on until the process is gone, like a detached thread. It
//      cannot be stopped: it may hold the heap's lock, or one that a destructor needs. Rejected: freezing its thread by
//      a signal where its frames are all the user's (it may hold the user's lock); _exit as Go does (no destructors).
// [S3] Timers that the ending goroutine waits for still fire. If it waits for what nobody can give any more, it dies
//      of Go's deadlock message (wait/all_asleep.h: stopped workers count as asleep); plain threads may still wake it.
#pragma once

#include "runtime/sched/worker.h"

namespace gordian::rt::sched {

void stop_all() noexcept;
bool stopping() noexcept;
// For schedulers. May the worker go on after the stop? May it run this goroutine?
bool outlives_stop(const Worker* worker) noexcept;
bool runs_after_stop(const Goroutine* goroutine) noexcept;
std::uint32_t stopped_workers() noexcept;
[[noreturn]] void stop_here(Worker* worker) noexcept;
void forget_stop() noexcept;  // in the child of a fork

}  // namespace gordian::rt::sched
