// SPDX-License-Identifier: Apache-2.0
// What a single worker does: picking, stealing, its scheduler loop.
#include "runtime/sched/worker.h"

#include <cxxabi.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/sched/fault.h"
#include "runtime/sched/idle.h"
#include "runtime/sched/stop.h"
#include "runtime/sched/switch.h"
#include "runtime/sched/turns.h"
#include "runtime/wait/thread_block.h"

namespace gordian::rt::sched {

namespace {

constexpr int kSearchRounds = 4;
constexpr std::uint32_t kGlobalBatch = 32;

std::uint64_t next_random(Worker* worker) noexcept {  // xorshift64, Marsaglia 2003
  std::uint64_t x = worker->random;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  return worker->random = x;
}

Goroutine* take_global(Worker* worker) noexcept {
  Goroutine* const first = global_queue().pop();
  for (std::uint32_t i = 1; first != nullptr && i < kGlobalBatch && worker->queue.size() < RunQueue::kCapacity / 2;
       ++i) {
    Goroutine* const more = global_queue().pop();
    if (more == nullptr) {
      break;
    }
    push_local(worker, more);
  }
  return first;
}

Goroutine* take_own(Worker* worker) noexcept {
  if (Goroutine* const handed = worker->handed) {
    worker->handed = nullptr;
    return handed;
  }
  Goroutine* one = take_main(worker, false);
  const bool queues_first = worker->picks % kFairness == 0;
  if (one == nullptr && queues_first) {
    one = take_global(worker);
  }
  if (one == nullptr && queues_first) {
    one = worker->queue.pop();
  }
  if (one == nullptr) {
    one = take_run_next(worker);
  }
  if (one == nullptr) {
    one = worker->queue.pop();
  }
  if (one == nullptr) {
    one = take_global(worker);
  }
  return one == nullptr ? take_main(worker, true) : one;
}

Goroutine* steal_from(Worker* worker, Worker* victim) noexcept {
  Goroutine* loot[RunQueue::kCapacity / 2];
  const std::uint32_t count = victim->queue.steal_half(loot, RunQueue::kCapacity / 2);
  for (std::uint32_t i = 1; i < count; ++i) {
    push_local(worker, loot[i]);
  }
  Goroutine* const lent = count == 0 && has_lent_work(victim) ? take_lent(victim) : nullptr;
  if (count == 0 && lent == nullptr) {
    return nullptr;
  }
  count_steals(worker, count == 0 ? 1 : count);
  return count == 0 ? lent : loot[0];
}

Goroutine* search(Worker* worker) noexcept {
  begin_search(worker);
  for (int round = 0; round < kSearchRounds; ++round) {
    const std::uint32_t workers = worker_count();
    const auto start = static_cast<std::uint32_t>(next_random(worker) % workers);
    for (std::uint32_t i = 0; i < workers; ++i) {
      Worker* const victim = worker_at((start + i) % workers);
      Goroutine* const one = victim == worker ? nullptr : steal_from(worker, victim);
      if (one != nullptr) {
        end_search(worker, true);
        return one;
      }
    }
  }
  end_search(worker, false);
  return nullptr;
}

Goroutine* find_work(Worker* worker) noexcept {
  for (;;) {
    if (!outlives_stop(worker)) {
      stop_here(worker);
    }
    if (worker->lent.load(std::memory_order_relaxed)) {  // relaxed: taken back by an exchange
      take_turn_back(worker);
    }
    if (worker->index >= allowed_workers() && !stopping()) {
      sit_on_bench(worker);
      continue;
    }
    fire_due();
    Goroutine* one = take_own(worker);
    if (one != nullptr && worker->searching) {
      end_search(worker, true);
    }
    one = one == nullptr ? search(worker) : one;
    if (one == nullptr) {
      sleep_idle(worker);
    } else if (runs_after_stop(one)) {
      return one;
    }
  }
}

void wait_until_off_cpu(const Goroutine* goroutine) noexcept {
  // acquire: pairs with the release in store_left(). Its worker is between queueing it and its next jump.
  for (int spins = 0; goroutine->on_cpu.load(std::memory_order_acquire); ++spins) {
    if (spins < 100) {
      __builtin_ia32_pause();
    } else {
      sched_yield();
    }
  }
}

}  // namespace

Worker* current_worker() noexcept { return static_cast<Worker*>(wait::thread_block()->worker); }
void set_current_worker(Worker* worker) noexcept { wait::thread_block()->worker = worker; }

void remember_thread(Worker* worker) noexcept {
  worker->tid = gettid();
  pthread_getcpuclockid(pthread_self(), &worker->cpu_clock);
}

void bind_to_thread(Worker* worker) noexcept {
  worker->errno_address = &errno;
  worker->eh_globals = reinterpret_cast<EhGlobals*>(abi::__cxa_get_globals());
  worker->random = 0x9e3779b97f4a7c15 * (worker->index + 1);
  remember_thread(worker);
  set_current_worker(worker);
  give_signal_stack();
}

Goroutine* take_main(Worker* worker, bool at_once) noexcept {
  // relaxed: looked at again with acquire.
  if (worker->index != 0 || !worker->main_ready.load(std::memory_order_relaxed)) {
    return nullptr;
  }
  if (!at_once && worker->main_after > 0) {
    --worker->main_after;
    return nullptr;
  }
  worker->main_after = 0;
  // acquire: pairs with the release in wake(): main sees what its waker did.
  return worker->main_ready.exchange(false, std::memory_order_acquire) ? main_goroutine() : nullptr;
}

Goroutine* take_run_next(Worker* worker) noexcept {
  // relaxed look, then acq_rel: pairs with the release in wake(); owner and thieves exclude each other.
  return worker->run_next.load(std::memory_order_relaxed) == nullptr
             ? nullptr
             : worker->run_next.exchange(nullptr, std::memory_order_acq_rel);
}

bool has_lent_work(const Worker* worker) noexcept {
  // relaxed, all: a look; what is taken is taken by an exchange, and sleepers look under the barrier of idle.h [I1].
  return worker->lent.load(std::memory_order_relaxed) && (worker->run_next.load(std::memory_order_relaxed) != nullptr ||
                                                          (worker->main_released.load(std::memory_order_relaxed) &&
                                                           worker->main_ready.load(std::memory_order_relaxed)));
}

Goroutine* take_lent(Worker* worker) noexcept {
  if (Goroutine* const next = take_run_next(worker)) {
    return next;
  }
  // relaxed: see has_lent_work(). acquire: pairs with the release in wake(): main sees what its waker did.
  return worker->main_released.load(std::memory_order_relaxed) &&
                 worker->main_ready.exchange(false, std::memory_order_acquire)
             ? main_goroutine()
             : nullptr;
}

void count_steals(Worker* worker, std::uint32_t count) noexcept {
  // relaxed: one writer, readers only count.
  worker->steals.store(worker->steals.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
}

void push_local(Worker* worker, Goroutine* goroutine) noexcept {
  while (!worker->queue.push(goroutine)) {
    Goroutine* half[RunQueue::kCapacity / 2];
    const std::uint32_t count = worker->queue.steal_half(half, RunQueue::kCapacity / 2);
    for (std::uint32_t i = 0; i < count; ++i) {
      global_queue().push(half[i]);
    }
  }
}

void schedule(Worker* worker) noexcept {
  for (;;) {
    Goroutine* const goroutine = find_work(worker);
    wait_until_off_cpu(goroutine);
    // relaxed: whoever looks only sees that it moves; unlike any value that pick_local() writes near here.
    worker->ticks.store(~worker->picks, std::memory_order_relaxed);
    run_from_scheduler(worker, goroutine);
  }
}

}  // namespace gordian::rt::sched
