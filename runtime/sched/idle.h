// SPDX-License-Identifier: Apache-2.0
// Idle workers: how they sleep, how they are woken, who watches the clock. The idle side pays.
//
// [I1] A worker goes to sleep in this order: enters the idle list; membarrier; looks at all queues again; sleeps.
// [I2] Who makes work visible does it in this order: queue it; look whether anybody is idle (plain loads). The
//      membarrier of [I1] is a full barrier on every running thread, so one of the two sees the other. Without
//      membarrier both fence.
// [I3] A woken worker was taken out of the list by its waker, which counted it awake (wait/all_asleep.h) and as
//      searching. While one searches no other is woken; who stops searching because it found work wakes the next, if
//      it was the last.
// [I4] One idle worker, the watchman, does not count itself asleep: it sleeps until the next timer is due, and while
//      others run it looks every 50 us to 8 ms whether one of them has run a full period with somebody in its run-next
//      slot, and takes that one. So waking somebody into run-next costs no wake-up, and the second core is still used.
#pragma once

#include <cstdint>

#include "runtime/sched/worker.h"

namespace gordian::rt::sched {

// Work was queued: wakes or starts a worker unless one searches already.
void work_appeared() noexcept;
// Goroutine 1 became ready: wakes worker 0 if it is idle.
void main_appeared() noexcept;
// An earlier timer was set.
void next_due_changed() noexcept;

// The worker found nothing: sleeps until woken or until it should look again.
void sleep_idle(Worker* worker) noexcept;
void begin_search(Worker* worker) noexcept;
void end_search(Worker* worker, bool found) noexcept;

// For runtime/sched/turns: the last steps of a worker that rests outside the idle list, and of who wakes it. Both count
// it as searching and in the awake counter [I3].
void wait_for_wake(Worker* worker) noexcept;
void rouse_as_searcher(Worker* worker) noexcept;
// Somebody has lent a turn: wakes or starts a worker, if there is anything that could ever be its work.
void wake_somebody() noexcept;
// What is queued with the worker goes to the global queue. By its own thread.
void give_away_queue(Worker* worker) noexcept;

std::uint32_t idle_workers() noexcept;
bool is_idle(const Worker* worker) noexcept;
// The lookout's (sched/lookout.h): sleeps as long as every worker does.
void rest_lookout() noexcept;

void prepare_idle() noexcept;  // registers membarrier, once
void forget_idle() noexcept;   // in the child of a fork

}  // namespace gordian::rt::sched
