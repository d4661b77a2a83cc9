// SPDX-License-Identifier: Apache-2.0
// Parking and waking, for goroutines and for plain threads.
#include <sched.h>

#include "runtime/sched/futex.h"
#include "runtime/sched/idle.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/turns.h"
#include "runtime/wait/all_asleep.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sched {

namespace {

void park_thread(wait::Row& row) noexcept {
  record::publish();
  record::switch_actor(row.actor, nullptr);
  wait::count_asleep();
  // acquire: pairs with the release in wake_thread().
  while (row.wake_word.load(std::memory_order_acquire) == 0) {
    futex_wait(row.wake_word, 0, kForEver);
  }
  row.wake_word.store(0, std::memory_order_relaxed);  // relaxed: the next waker comes after the next wait has begun
  record::switch_actor(nullptr, row.actor);
  row.state.store(wait::RowState::running, std::memory_order_relaxed);  // relaxed: a hint for dumps
}

void wake_thread(wait::Row& row) noexcept {
  wait::count_awake();
  // release: pairs with the acquire in park_thread().
  row.wake_word.store(1, std::memory_order_release);
  futex_wake_one(row.wake_word);
}

void wake_main() noexcept {
  // release: pairs with the acquire in take_main().
  worker_at(0)->main_ready.store(true, std::memory_order_release);
  main_appeared();
}

bool has_company(Worker* worker) noexcept {
  // relaxed: an own slot; a hint; and two flags whose readers are sent to the scheduler to look again.
  return worker->run_next.load(std::memory_order_relaxed) != nullptr || worker->queue.size() > 0 ||
         global_queue().size() > 0 || worker->called.load(std::memory_order_relaxed) ||
         (worker->index == 0 && worker->main_ready.load(std::memory_order_relaxed));
}

}  // namespace

void park() noexcept {
  wait::Row& row = wait::self();
  if (row.is_thread) {
    park_thread(row);
    return;
  }
  Worker* const worker = current_worker();
  record::publish();
  leave(worker->current, pick_local(worker));
}

void wake(wait::Row& row) noexcept {
  if (row.is_thread) {
    wake_thread(row);
    return;
  }
  auto& goroutine = static_cast<Goroutine&>(row);
  Worker* const worker = current_worker();
  if (goroutine.pinned) {
    wake_main();
  } else if (worker == nullptr) {
    global_queue().push(&goroutine);
    work_appeared();
  } else if (worker->current == nullptr) {  // a timer fired
    push_local(worker, &goroutine);
    work_appeared();
  } else if (Goroutine* const before = worker->run_next.exchange(&goroutine, std::memory_order_acq_rel)) {
    // acq_rel above: pairs with take_run_next(), here or in a thief.
    push_local(worker, before);
    work_appeared();
  }
}

void park_for_ever() noexcept {
  for (;;) {
    park();
  }
}

void yield() noexcept {
  wait::Row& row = wait::self();
  Worker* const worker = current_worker();
  if (row.is_thread || (!has_company(worker) && ++worker->picks % kFairness != 0)) {
    ::sched_yield();
    return;
  }
  auto* const goroutine = static_cast<Goroutine*>(&row);
  wait::end_wait_ready(row);
  if (goroutine->pinned) {
    if (worker->index == 0) {
      worker->main_after = worker->queue.size() + global_queue().size() + 1;
    }
    wake_main();
  } else {
    push_local(worker, goroutine);
  }
  work_appeared();
  leave(goroutine, pick_local(worker));
}

Stats stats() noexcept {
  Stats sum;
  std::uint64_t spawned = 1 + foreign_spawns();
  std::uint64_t finished = 0;
  sum.workers = worker_count();
  for (std::uint32_t i = 0; i < sum.workers; ++i) {
    const Worker* const worker = worker_at(i);
    spawned += worker->spawned.load(std::memory_order_relaxed);  // relaxed: counts
    finished += worker->finished.load(std::memory_order_relaxed);
    sum.steals += worker->steals.load(std::memory_order_relaxed);
  }
  sum.goroutines = spawned > finished ? spawned - finished : 0;
  return sum;
}

int current_worker_index() noexcept {
  const Worker* const worker = current_worker();
  return worker == nullptr ? -1 : static_cast<int>(worker->index);
}

int set_max_procs(int count) noexcept {
  const auto before = static_cast<int>(max_procs());
  if (count >= 1) {
    store_max_procs(static_cast<std::uint32_t>(count));
    clear_bench();
    work_appeared();
  }
  return before;
}

}  // namespace gordian::rt::sched
