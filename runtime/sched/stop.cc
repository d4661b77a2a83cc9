// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/stop.h"

#include "runtime/sched/futex.h"
#include "runtime/sched/idle.h"
#include "runtime/sched/turns.h"
#include "runtime/wait/all_asleep.h"

namespace gordian::rt::sched {

namespace {

constexpr std::int64_t kMostWaitNs = 100'000'000;
constexpr std::int64_t kLookNs = 50'000;

std::atomic<bool> g_begun{false};
// Who ends the program, null on a plain thread. Written before g_stopping.
Worker* g_last_worker = nullptr;
const Goroutine* g_last = nullptr;
std::atomic<bool> g_stopping{false};
std::atomic<std::uint32_t> g_stopped{0};

std::uint32_t resting() noexcept { return idle_workers() + benched_workers() + stopped_workers(); }

}  // namespace

// acquire: pairs with the release in stop_here(): what it ran is over.
std::uint32_t stopped_workers() noexcept { return g_stopped.load(std::memory_order_acquire); }

bool stopping() noexcept { return g_stopping.load(std::memory_order_acquire); }  // pairs with the release in stop_all()

bool outlives_stop(const Worker* worker) noexcept { return !stopping() || worker == g_last_worker; }
bool runs_after_stop(const Goroutine* goroutine) noexcept { return !stopping() || goroutine == g_last; }

void stop_all() noexcept {
  if (g_begun.exchange(true, std::memory_order_acq_rel)) {  // acq_rel: only uniqueness matters
    return;
  }
  g_last_worker = current_worker();
  g_last = g_last_worker == nullptr ? nullptr : g_last_worker->current;
  g_stopping.store(true, std::memory_order_release);  // pairs with the acquire in stopping()
  const std::uint32_t workers = worker_count();
  for (std::uint32_t i = 0; i < workers; ++i) {
    worker_at(i)->called.store(true, std::memory_order_relaxed);  // relaxed: seen at its next pick
  }
  const std::uint32_t own = g_last_worker != nullptr ? 1 : 0;
  const std::uint64_t deadline = now_ns() + kMostWaitNs;
  while (resting() + own < worker_count() && now_ns() < deadline) {  // [S2]
    // relaxed: a change in between ends the wait at once.
    futex_wait(g_stopped, g_stopped.load(std::memory_order_relaxed), kLookNs);
  }
}

void stop_here(Worker* worker) noexcept {
  static std::atomic<std::uint32_t> never{0};
  give_away_queue(worker);
  if (worker->searching) {
    end_search(worker, true);
  }
  next_due_changed();  // somebody else watches the clock [S3]
  record::publish();
  g_stopped.fetch_add(1, std::memory_order_release);  // pairs with the acquire in resting()
  futex_wake_one(g_stopped);
  wait::count_asleep();
  for (;;) {
    futex_wait(never, 0, kForEver);
  }
}

// relaxed: one thread is left.
void forget_stop() noexcept {
  g_begun.store(false, std::memory_order_relaxed);
  g_stopping.store(false, std::memory_order_relaxed);
  g_stopped.store(0, std::memory_order_relaxed);
}

}  // namespace gordian::rt::sched
