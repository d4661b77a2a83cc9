// SPDX-License-Identifier: Apache-2.0
// What the start and the end of a program need from the scheduler: runtime/boot calls these, nobody else.
#pragma once

#include <exception>

#include "runtime/record/recorder.h"

namespace gordian::rt::sched {

// Adopts the calling thread as worker 0 and as goroutine 1. Before main and before static constructors that use
// goroutines; a second call does nothing. Starts no thread. Then: give main_actor() its shadow stack and call
// record::start_thread(main_actor()).
void start_main() noexcept;
record::Actor* main_actor() noexcept;

// main returned or exit() was called: no goroutine ever starts or goes on, and those on other workers have come to
// their next scheduling point or are given up; the exact promises stand in stop.h. Parked goroutines keep their stacks,
// so static destructors are safe. Safe to call twice, and from any thread.
void stop_workers() noexcept;

// Last words of a program whose goroutine (main included) let an exception escape: Go's text, the goroutine's stack,
// exit status 2. Records Panic (unless it was recorded where it was thrown) and Exit.
[[noreturn]] void die_of_uncaught(std::exception_ptr exception) noexcept;

// main unwound after goexit(): it never runs again, the others go on until they end or all are asleep.
[[noreturn]] void park_main_for_ever() noexcept;

// In the child of fork(): of all goroutines and threads only the caller exists; as with threads, it may go on, and
// start others on fresh workers. Timers that were set before do not fire. When it ends without exit(), so does the
// process, with status 0.
void restart_in_child() noexcept;

}  // namespace gordian::rt::sched
