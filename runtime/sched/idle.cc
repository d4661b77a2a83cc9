// SPDX-License-Identifier: Apache-2.0
// The idle protocol. Its invariants [I1] to [I4] stand in idle.h, those of the awake counter [A1] to [A3] in
// wait/all_asleep.h.
#include "runtime/sched/idle.h"

#include <linux/membarrier.h>

#include <algorithm>

#include "runtime/record/recorder.h"
#include "runtime/sched/futex.h"
#include "runtime/wait/all_asleep.h"

namespace gordian::rt::sched {

namespace {

constexpr std::int64_t kFirstSampleNs = 50'000;
constexpr std::int64_t kLastSampleNs = 8'000'000;
constexpr std::int64_t kStopWaitNs = 100'000'000;

record::SpinLock g_lock;  // guards the list and in_idle_list, benched
Worker* g_list = nullptr;
std::atomic<std::uint32_t> g_idle{0};  // in the list
std::atomic<std::uint32_t> g_benched{0};
std::atomic<std::uint32_t> g_searching{0};  // [I3]
std::atomic<Worker*> g_watchman{nullptr};   // [I4]
std::atomic<bool> g_stopping{false};
std::atomic<std::uint32_t> g_stopped{0};
bool g_have_membarrier = false;

// The idle side's half of [I2].
void heavy_barrier() noexcept {
  if (g_have_membarrier) {
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);  // partner: light_barrier()
}

// The busy side's half: nothing but the compiler's order, if the kernel can do the rest.
void light_barrier() noexcept {
  if (g_have_membarrier) {
    std::atomic_signal_fence(std::memory_order_seq_cst);  // partner: heavy_barrier()
  } else {
    std::atomic_thread_fence(std::memory_order_seq_cst);  // partner: heavy_barrier()
  }
}

void enter_list(Worker* worker) noexcept {
  worker->wake_word.store(0, std::memory_order_relaxed);  // relaxed: not in the list yet, nobody wakes it
  g_lock.lock();
  worker->in_idle_list = true;
  worker->next_idle = g_list;
  g_list = worker;
  g_idle.store(g_idle.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);  // relaxed: barriers of [I2]
  g_lock.unlock();
}

// Takes `wanted` (null: anybody) out of the list; null if it is not there.
Worker* leave_list(Worker* wanted) noexcept {
  g_lock.lock();
  Worker** link = &g_list;
  while (*link != nullptr && wanted != nullptr && *link != wanted) {
    link = &(*link)->next_idle;
  }
  Worker* const worker = *link;
  if (worker != nullptr) {
    *link = worker->next_idle;
    worker->in_idle_list = false;
    g_idle.store(g_idle.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);  // relaxed: barriers of [I2]
  }
  g_lock.unlock();
  return worker;
}

// relaxed throughout: the number limits wake-ups, [I2] does not rest on it.
void count_searcher() noexcept { g_searching.fetch_add(1, std::memory_order_relaxed); }

// [I3]: the caller took the worker out of the list and counted it as searching.
void rouse(Worker* worker) noexcept {
  wait::count_awake();
  // release: pairs with the acquire of the sleeper.
  worker->wake_word.store(1, std::memory_order_release);
  futex_wake_one(worker->wake_word);
}

void wake_one() noexcept {
  std::uint32_t none = 0;
  // acq_rel: after a searcher that ended; see end_search().
  if (!g_searching.compare_exchange_strong(none, 1, std::memory_order_acq_rel, std::memory_order_relaxed)) {
    return;
  }
  if (Worker* const worker = leave_list(nullptr)) {
    rouse(worker);
  } else if (!start_worker()) {
    g_searching.fetch_sub(1, std::memory_order_relaxed);
  }
}

void wake_this(Worker* worker) noexcept {
  if (leave_list(worker) != nullptr) {
    count_searcher();
    rouse(worker);
  }
}

void wait_for_wake(Worker* worker) noexcept {
  // acquire: pairs with the release in rouse().
  while (worker->wake_word.load(std::memory_order_acquire) == 0) {
    futex_wait(worker->wake_word, 0, kForEver);
  }
  worker->searching = true;
}

// Somebody took the worker out of the list before it slept: takes the wake-up and the double count back.
void accept_wake(Worker* worker) noexcept {
  wait_for_wake(worker);
  wait::count_asleep();
}

bool work_visible(Worker* worker) noexcept {
  if (global_queue().size() > 0 || (worker->index == 0 && worker->main_ready.load(std::memory_order_relaxed))) {
    return true;  // relaxed: ordered by heavy_barrier()
  }
  const std::uint32_t workers = worker_count();
  for (std::uint32_t i = 0; i < workers; ++i) {
    if (worker_at(i)->queue.size() > 0) {
      return true;
    }
  }
  return false;
}

bool others_run() noexcept {
  const std::uint32_t resting = g_idle.load(std::memory_order_relaxed) + g_benched.load(std::memory_order_relaxed) +
                                outside_workers();  // relaxed: a hint
  return worker_count() > resting;
}

// What the watchman remembers of each worker between two looks.
struct Sample {
  std::uint32_t ticks = 0;
  const Goroutine* waiting = nullptr;
};

// The run-next of a worker that has not moved since the last look.
Goroutine* take_stale(Sample* samples, const Worker* self) noexcept {
  const std::uint32_t workers = worker_count();
  for (std::uint32_t i = 0; i < workers; ++i) {
    Worker* const victim = worker_at(i);
    const Sample now{victim->ticks.load(std::memory_order_relaxed),  // relaxed: samples
                     victim->run_next.load(std::memory_order_relaxed)};
    const bool stale =
        victim != self && now.waiting != nullptr && now.waiting == samples[i].waiting && now.ticks == samples[i].ticks;
    samples[i] = now;
    Goroutine* const taken = stale ? take_run_next(victim) : nullptr;
    if (taken != nullptr) {
      return taken;
    }
  }
  return nullptr;
}

std::int64_t until_due() noexcept {
  const std::uint64_t due = next_due();
  if (due == kNever) {
    return kForEver;
  }
  const std::uint64_t now = now_ns();
  return due > now ? static_cast<std::int64_t>(due - now) : 0;
}

void resign() noexcept {
  g_watchman.store(nullptr, std::memory_order_relaxed);
}  // relaxed: barriers order it where it counts

// The watchman's wait [I4]. False: nothing to watch any more.
bool watch(Worker* worker) noexcept {
  Sample samples[kMaxWorkers] = {};
  std::int64_t period = kFirstSampleNs;
  for (;;) {
    if (worker->wake_word.load(std::memory_order_acquire) != 0) {  // pairs with the release in rouse()
      resign();
      accept_wake(worker);
      return true;
    }
    const std::int64_t due = until_due();
    Goroutine* const taken = take_stale(samples, worker);
    if (due == 0 || taken != nullptr || work_visible(worker)) {
      resign();
      if (leave_list(worker) == nullptr) {
        accept_wake(worker);
      }
      if (taken != nullptr) {
        worker->handed = taken;
        worker->steals.store(worker->steals.load(std::memory_order_relaxed) + 1,
                             std::memory_order_relaxed);  // relaxed: own
      }
      work_appeared();  // another idle one takes the watch
      return true;
    }
    if (due == kForEver && !others_run()) {
      return false;
    }
    futex_wait(worker->wake_word, 0, others_run() ? (due == kForEver ? period : std::min(due, period)) : due);
    period = std::min(period * 2, kLastSampleNs);
  }
}

}  // namespace

void work_appeared() noexcept {
  light_barrier();
  // relaxed: ordered by the barriers [I2].
  if (g_searching.load(std::memory_order_relaxed) == 0 &&
      (g_idle.load(std::memory_order_relaxed) != 0 || may_start_worker())) {
    wake_one();
  }
}

void main_appeared() noexcept {
  light_barrier();
  if (g_idle.load(std::memory_order_relaxed) != 0) {  // relaxed: ordered by the barriers [I2]
    wake_this(worker_at(0));
  }
}

void next_due_changed() noexcept {
  light_barrier();
  if (Worker* const watchman = g_watchman.load(std::memory_order_relaxed)) {  // relaxed: ordered by the barriers [I2]
    wake_this(watchman);
  } else {
    work_appeared();
  }
}

void begin_search(Worker* worker) noexcept {
  if (!worker->searching) {
    worker->searching = true;
    count_searcher();
  }
}

void end_search(Worker* worker, bool found) noexcept {
  worker->searching = false;
  // seq_cst: what was queued while this one searched, and woke nobody, is seen by its next look [I1], or the next
  // wake_one() sees no searcher.
  const bool last = g_searching.fetch_sub(1, std::memory_order_seq_cst) == 1;
  if (found && last) {
    work_appeared();
  }
}

void sleep_idle(Worker* worker) noexcept {
  enter_list(worker);
  Worker* nobody = nullptr;
  // relaxed: one of them wins; ordered by the barrier.
  const bool watchman = g_watchman.compare_exchange_strong(nobody, worker, std::memory_order_relaxed);
  heavy_barrier();
  if (work_visible(worker)) {
    if (watchman) {
      resign();
    }
    if (leave_list(worker) == nullptr) {
      accept_wake(worker);
    }
    return;
  }
  record::publish();
  if (watchman) {
    if (watch(worker)) {
      return;
    }
    resign();
    heavy_barrier();
    if (next_due() != kNever) {  // armed while the watchman was resigning
      if (leave_list(worker) == nullptr) {
        accept_wake(worker);
      }
      return;
    }
  }
  wait::count_asleep();
  wait_for_wake(worker);
}

void sit_on_bench(Worker* worker) noexcept {
  if (worker->searching) {
    end_search(worker, true);
  }
  while (Goroutine* const one = worker->queue.pop()) {
    global_queue().push(one);
  }
  if (Goroutine* const one = take_run_next(worker)) {
    global_queue().push(one);
  }
  if (Goroutine* const one = worker->handed) {
    worker->handed = nullptr;
    global_queue().push(one);
  }
  work_appeared();
  worker->wake_word.store(0, std::memory_order_relaxed);  // relaxed: published by the lock
  g_lock.lock();
  worker->benched = worker->index >= allowed_workers();
  const bool benched = worker->benched;
  g_lock.unlock();
  if (!benched) {
    return;
  }
  g_benched.fetch_add(1, std::memory_order_relaxed);  // relaxed: a hint
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
      count_searcher();
      rouse(worker);
    }
  }
}

void begin_outside() noexcept {
  Worker* const worker = current_worker();
  if (Goroutine* const next = take_run_next(worker)) {
    push_local(worker, next);
  }
  count_outside(1);
  clear_bench();
  light_barrier();
  wake_one();  // even without work: the clock must be watched
}

void end_outside() noexcept { count_outside(-1); }

void prepare_idle() noexcept {
  g_have_membarrier = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

bool stopping() noexcept { return g_stopping.load(std::memory_order_relaxed); }  // relaxed: seen at the next pick

void stop_all() noexcept {
  wait::stop_watching();
  g_stopping.store(true, std::memory_order_release);  // pairs with nothing: a flag, looked at at each pick
  const std::uint32_t own = current_worker() != nullptr ? 1 : 0;
  const std::uint64_t deadline = now_ns() + kStopWaitNs;
  const auto at_rest = [] {
    return g_idle.load(std::memory_order_acquire) + g_benched.load(std::memory_order_acquire) +
           g_stopped.load(
               std::memory_order_acquire);  // pairs with the release in stop_here(): it runs nothing any more
  };
  while (at_rest() + own < worker_count() && now_ns() < deadline) {
    futex_wait(g_stopped, g_stopped.load(std::memory_order_relaxed), kFirstSampleNs);
  }
}

void stop_here() noexcept {
  static std::atomic<std::uint32_t> never{0};
  g_stopped.fetch_add(1, std::memory_order_release);  // pairs with the acquire in stop_all()
  futex_wake_one(g_stopped);
  for (;;) {
    futex_wait(never, 0, kForEver);
  }
}

}  // namespace gordian::rt::sched
