// SPDX-License-Identifier: Apache-2.0
// The start of main as goroutine 1, the end of the program.
#include "runtime/sched/start.h"

#include "runtime/sched/fault.h"
#include "runtime/sched/idle.h"
#include "runtime/sched/lookout.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/stop.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/turns.h"
#include "runtime/wait/all_asleep.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"
#include "runtime/wait/threads.h"

namespace gordian::rt::sched {

namespace {

Goroutine g_main;
Worker* g_main_worker = nullptr;

void scheduler_main(Transfer transfer) noexcept {
  Worker* const worker = current_worker();
  begin_scheduler(worker, transfer.fctx);  // main's first sleep, or the end of a goroutine that main left for
  schedule(worker);
}

// Unwinds a parked goroutine from a function that is called on top of its stack, and comes back.
Transfer unwind_on_top(Transfer transfer) noexcept {
  wait::unwind_here(*static_cast<wait::StackTrace*>(transfer.data));
  return jump(transfer.fctx);
}

void walk_parked(const wait::Row& row, wait::StackTrace& out) noexcept {
  const auto& goroutine = static_cast<const Goroutine&>(row);
  // acquire: pairs with the release in the switch.
  if (goroutine.context != nullptr && !goroutine.on_cpu.load(std::memory_order_acquire)) {
    jump_on_top(goroutine.context, &out, unwind_on_top);
  }
}

}  // namespace

Goroutine* main_goroutine() noexcept { return &g_main; }
record::Actor* main_actor() noexcept { return &g_main.own_actor; }

void start_main() noexcept {
  if (g_main_worker != nullptr) {
    return;
  }
  read_max_procs();
  prepare_idle();
  watch_faults();
  wait::set_parked_walker(walk_parked);
  wait::set_outside_hooks(begin_outside, end_outside);
  g_main_worker = make_main_worker();
  g_main.actor = &g_main.own_actor;
  g_main.own_actor.id = ActorId{1};
  g_main.pinned = true;
  g_main.on_cpu.store(true, std::memory_order_relaxed);  // relaxed: no other thread yet
  g_main.state.store(wait::RowState::running, std::memory_order_relaxed);
  wait::add_row(&g_main);
  wait::set_current_row(&g_main);
  wait::count_awake();
  g_main_worker->current = &g_main;
  const Stack* const stack = take_stack(g_main_worker->stacks, 0);
  g_main_worker->scheduler = make_context(reinterpret_cast<void*>(stack->high()), stack->bytes(), scheduler_main);
}

void stop_workers() noexcept { stop_all(); }

void park_main_for_ever() noexcept {
  wait::note_main_goexit();
  // release: pairs with the acquire of a dump: main is gone.
  g_main.state.store(wait::RowState::vacant, std::memory_order_release);
  record::emit(trace::GoEnd{});
  park_for_ever();
}

// Locks may be held by threads that do not exist here, and what they guard half changed: all of it begins anew. What is
// the calling thread's own (its stacks, its goroutine) is whole.
void restart_in_child() noexcept {
  forget_other_workers();
  forget_turns();
  forget_idle();
  forget_stop();
  forget_lookout();
  forget_timers();
  forget_foreign_spawns();
  forget_shared_descriptors();
  forget_shared_stacks();
  wait::forget_others();
  wait::forget_death();
}

}  // namespace gordian::rt::sched
