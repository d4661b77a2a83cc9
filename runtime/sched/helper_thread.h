// SPDX-License-Identifier: Apache-2.0
// Threads of the runtime's own that run no goroutine: detached, with a small stack, deaf to the program's signals, and
// counted by nobody (wait/all_asleep.h).
#pragma once

namespace gordian::rt::sched {

// False: there is no thread to be had, and errno says why; otherwise errno is kept.
bool start_helper_thread(void* (*body)(void*)) noexcept;

}  // namespace gordian::rt::sched
