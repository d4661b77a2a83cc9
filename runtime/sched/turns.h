// SPDX-License-Identifier: Apache-2.0
// Turns: how many workers may run goroutines at once. That is the setting, GORDIAN_MAXPROCS, plus one for each worker
// that lent its turn: because its thread blocks in the C library (a join says so itself), or because it has not come
// back to its scheduler for long although work waits there (sched/lookout.h). Go hands its P to another M likewise.
//
// [T1] Workers with an index below the number of turns may run, the others sit on the bench. A worker looks at each
// pass
//      through its scheduler, so a turn that is taken back ends somebody else's a little later.
// [T2] Who lends keeps what it runs; what is queued with it, its run-next slot included, belongs to thieves.
// [T3] Who lent takes its turn back itself, at its next pass through the scheduler.
#pragma once

#include <cstdint>

#include "runtime/sched/worker.h"

namespace gordian::rt::sched {

std::uint32_t allowed_workers() noexcept;
std::uint32_t lent_turns() noexcept;
std::uint32_t benched_workers() noexcept;
bool is_benched(Worker* worker) noexcept;

void lend_turn(Worker* worker) noexcept;  // by anybody; once is enough
void take_turn_back(Worker* worker) noexcept;

// Sleeps while the worker is one too many; wakes those who are not any more.
void sit_on_bench(Worker* worker) noexcept;
void clear_bench() noexcept;

// The calling worker's thread is about to block in a join.
void begin_outside() noexcept;
void end_outside() noexcept;

void forget_turns() noexcept;  // in the child of a fork

}  // namespace gordian::rt::sched
