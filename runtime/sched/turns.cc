// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/turns.h"

#include <algorithm>

#include "runtime/sched/idle.h"
#include "runtime/wait/all_asleep.h"

namespace gordian::rt::sched {

namespace {

record::SpinLock g_lock;  // guards `benched` of all workers
std::atomic<std::uint32_t> g_benched{0};
std::atomic<std::uint32_t> g_lent{0};

}  // namespace

// relaxed, these and the counts below: hints, a late reader acts a moment later [T1].
std::uint32_t lent_turns() noexcept { return g_lent.load(std::memory_order_relaxed); }
std::uint32_t benched_workers() noexcept { return g_benched.load(std::memory_order_relaxed); }
std::uint32_t allowed_workers() noexcept { return std::min(max_procs() + lent_turns(), kMaxWorkers); }

bool is_benched(Worker* worker) noexcept {
  g_lock.lock();
  const bool benched = worker->benched;
  g_lock.unlock();
  return benched;
}

void lend_turn(Worker* worker) noexcept {
  // acq_rel: pairs with itself and with take_turn_back(): each lending is counted once and taken back once.
  if (!worker->lent.exchange(true, std::memory_order_acq_rel)) {
    g_lent.fetch_add(1, std::memory_order_relaxed);
    worker->called.store(true, std::memory_order_relaxed);  // relaxed: seen at its next pick
    clear_bench();
  }
  wake_somebody();  // even without work to steal: the clock must be watched
}

void take_turn_back(Worker* worker) noexcept {
  worker->called.store(false, std::memory_order_relaxed);  // relaxed: its own thread reads it
  worker->main_released.store(false,
                              std::memory_order_relaxed);  // relaxed: a thief that still saw it finds main or not
  if (worker->lent.exchange(false, std::memory_order_acq_rel)) {  // pairs with lend_turn()
    g_lent.fetch_sub(1, std::memory_order_relaxed);
  }
}

void sit_on_bench(Worker* worker) noexcept {
  if (worker->searching) {
    end_search(worker, true);
  }
  give_away_queue(worker);
  work_appeared();
  worker->wake_word.store(0, std::memory_order_relaxed);  // relaxed: published by the lock
  g_lock.lock();
  worker->benched = worker->index >= allowed_workers();
  const bool benched = worker->benched;
  g_lock.unlock();
  if (!benched) {
    return;
  }
  g_benched.fetch_add(1, std::memory_order_relaxed);
  record::publish();
  wait::count_asleep();
  wait_for_wake(worker);
  g_benched.fetch_sub(1, std::memory_order_relaxed);
}

void clear_bench() noexcept {
  const std::uint32_t workers = worker_count();
  for (std::uint32_t i = 0; i < workers && i < allowed_workers(); ++i) {
    Worker* const worker = worker_at(i);
    g_lock.lock();
    const bool benched = worker->benched;
    worker->benched = false;
    g_lock.unlock();
    if (benched) {
      rouse_as_searcher(worker);
    }
  }
}

void begin_outside() noexcept { lend_turn(current_worker()); }
void end_outside() noexcept { take_turn_back(current_worker()); }

// relaxed: one thread is left.
void forget_turns() noexcept {
  g_lock.forget_owner();
  g_benched.store(0, std::memory_order_relaxed);
  g_lent.store(0, std::memory_order_relaxed);
}

}  // namespace gordian::rt::sched
