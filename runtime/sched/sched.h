// SPDX-License-Identifier: Apache-2.0
// Parking and waking, for runtime/sync. The pair is exact: one wake() per park(), in either order in time; wake() may
// come before park() has left the CPU. So: under the object's lock, queue yourself and wait::begin_wait; release the
// lock; park(). The waker, under the same lock, takes you from the queue and completes or ends your wait; releases the
// lock; wake().
#pragma once

#include <cstdint>

#include "runtime/wait/row.h"

namespace gordian::rt::sched {

// The calling goroutine or thread sleeps until wake(). It may return on another thread.
void park() noexcept;
void wake(wait::Row& row) noexcept;
// Never returns; the wait was begun.
[[noreturn]] void park_for_ever() noexcept;

void yield() noexcept;

struct Stats {
  std::uint64_t goroutines = 0;  // that exist now
  std::uint64_t steals = 0;
  std::uint32_t workers = 0;  // threads started so far, worker 0 included
};
Stats stats() noexcept;
// Index of the worker that runs the caller; -1 on a plain thread.
int current_worker_index() noexcept;
int set_max_procs(int count) noexcept;

}  // namespace gordian::rt::sched
