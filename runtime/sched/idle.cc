// SPDX-License-Identifier: Apache-2.0
// The idle protocol. Its invariants [I1] to [I4] stand in idle.h, those of the awake counter [A1] to [A3] in
// wait/all_asleep.h.
#include "runtime/sched/idle.h"

#include <linux/membarrier.h>

#include <algorithm>

#include "runtime/record/recorder.h"
#include "runtime/sched/futex.h"
#include "runtime/sched/stop.h"
#include "runtime/sched/turns.h"
#include "runtime/wait/all_asleep.h"

namespace gordian::rt::sched {

namespace {

constexpr std::int64_t kFirstSampleNs = 50'000;
constexpr std::int64_t kLastSampleNs = 8'000'000;

record::SpinLock g_lock;  // guards the list, in_idle_list, g_lookout_rests
Worker* g_list = nullptr;
bool g_lookout_rests = false;
std::atomic<std::uint32_t> g_lookout_word{0};  // 1: woken
std::atomic<std::uint32_t> g_idle{0};          // in the list
std::atomic<std::uint32_t> g_searching{0};     // [I3]
std::atomic<Worker*> g_watchman{nullptr};      // [I4]
bool g_have_membarrier = false;

// The idle side's half of [I2].
void heavy_barrier() noexcept {
  if (g_have_membarrier) {
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);  // partner: light_barrier(), if it must fence itself
}

// The busy side's half: nothing but the compiler's order, if the kernel can do the rest.
void light_barrier() noexcept {
  if (g_have_membarrier) {
    std::atomic_signal_fence(std::memory_order_seq_cst);  // partner: the membarrier of heavy_barrier()
  } else {
    std::atomic_thread_fence(std::memory_order_seq_cst);  // partner: the fence of heavy_barrier()
  }
}

void enter_list(Worker* worker) noexcept {
  worker->wake_word.store(0, std::memory_order_relaxed);  // relaxed: not in the list yet, nobody wakes it
  g_lock.lock();
  worker->in_idle_list = true;
  worker->next_idle = g_list;
  g_list = worker;
  // relaxed, both: written under the lock only; who reads without it has the barriers of [I2].
  g_idle.store(g_idle.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
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
    g_idle.store(g_idle.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);  // relaxed: as in enter_list()
  }
  const bool call_lookout = worker != nullptr && g_lookout_rests;
  g_lookout_rests = g_lookout_rests && !call_lookout;
  g_lock.unlock();
  if (call_lookout) {
    g_lookout_word.store(1, std::memory_order_release);  // pairs with the acquire in rest_lookout()
    futex_wake_one(g_lookout_word);
  }
  return worker;
}

// relaxed: the partner is end_search(); the number limits wake-ups, [I2] does not rest on it.
void count_searcher() noexcept { g_searching.fetch_add(1, std::memory_order_relaxed); }

// [I3]: the caller took the worker out of the list and counted it as searching.
void rouse(Worker* worker) noexcept {
  wait::count_awake();
  // release: pairs with the acquire in wait_for_wake(): the sleeper sees what it was woken for.
  worker->wake_word.store(1, std::memory_order_release);
  futex_wake_one(worker->wake_word);
}

void wake_one() noexcept {
  std::uint32_t none = 0;
  // acq_rel: pairs with the subtraction in end_search(): who finds no searcher comes after the last one's end, and so
  // wakes another. relaxed on failure: somebody searches, who looks again under the barrier of [I1].
  if (!g_searching.compare_exchange_strong(none, 1, std::memory_order_acq_rel, std::memory_order_relaxed)) {
    return;
  }
  if (Worker* const worker = leave_list(nullptr)) {
    rouse(worker);
  } else if (!start_worker()) {
    g_searching.fetch_sub(1, std::memory_order_relaxed);  // relaxed: nobody searched; see count_searcher()
  }
}

void wake_this(Worker* worker) noexcept {
  if (leave_list(worker) != nullptr) {
    count_searcher();
    rouse(worker);
  }
}

// Somebody took the worker out of the list before it slept: takes the wake-up and the double count back.
void accept_wake(Worker* worker) noexcept {
  wait_for_wake(worker);
  wait::count_asleep();
}

bool work_visible(Worker* worker) noexcept {
  // relaxed: ordered by heavy_barrier() [I1].
  if (global_queue().size() > 0 || (worker->index == 0 && worker->main_ready.load(std::memory_order_relaxed))) {
    return true;
  }
  const std::uint32_t workers = worker_count();
  for (std::uint32_t i = 0; i < workers; ++i) {
    if (worker_at(i)->queue.size() > 0 || has_lent_work(worker_at(i))) {
      return true;
    }
  }
  return false;
}

bool others_run() noexcept {
  // relaxed: a hint, asked again a period later.
  return worker_count() > g_idle.load(std::memory_order_relaxed) + benched_workers() + lent_turns() + stopped_workers();
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
    // relaxed, both: samples, compared only; who is taken is taken by take_run_next().
    const Sample now{victim->ticks.load(std::memory_order_relaxed), victim->run_next.load(std::memory_order_relaxed)};
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

// relaxed: who resigns for want of work looks at the clock again behind a barrier, see sleep_idle().
void resign() noexcept { g_watchman.store(nullptr, std::memory_order_relaxed); }

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
        count_steals(worker, 1);
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
  // relaxed, both: the partner is sleep_idle(), ordered by the barriers [I2].
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
  // relaxed: a hint; if it is missed, the lookout sees main waiting.
  if (worker_at(0)->main_released.load(std::memory_order_relaxed)) {
    work_appeared();
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
  // seq_cst: partners are wake_one() and the look in work_appeared(). What was queued while this one searched, and woke
  // nobody, is seen by its next look [I1], or the next wake_one() sees no searcher.
  const bool last = g_searching.fetch_sub(1, std::memory_order_seq_cst) == 1;
  if (found && last) {
    work_appeared();
  }
}

void sleep_idle(Worker* worker) noexcept {
  enter_list(worker);
  Worker* nobody = nullptr;
  // relaxed: one of them wins; ordered by the barrier, partner: next_due_changed().
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

void wait_for_wake(Worker* worker) noexcept {
  // acquire: pairs with the release in rouse(): what it was woken for is seen.
  while (worker->wake_word.load(std::memory_order_acquire) == 0) {
    futex_wait(worker->wake_word, 0, kForEver);
  }
  worker->searching = true;
}

void rouse_as_searcher(Worker* worker) noexcept {
  count_searcher();
  rouse(worker);
}

// A program of plain threads gets no second worker just because its first one joins: a thread more would take signals
// that the program keeps for sigwait. Whatever is queued or set later starts one itself: the turn was lent before.
void wake_somebody() noexcept {
  heavy_barrier();  // partner: light_barrier() in work_appeared(), between its queueing and its look at the turns
  if (worker_count() > 1 || next_due() != kNever || work_visible(worker_at(0))) {
    wake_one();
  }
}

void give_away_queue(Worker* worker) noexcept {
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
}

// Under the lock: what the counted ones ran happens before what the reader does next.
std::uint32_t idle_workers() noexcept {
  g_lock.lock();
  const std::uint32_t idle = g_idle.load(std::memory_order_relaxed);  // relaxed: guarded
  g_lock.unlock();
  return idle;
}

bool is_idle(const Worker* worker) noexcept {
  g_lock.lock();
  const bool idle = worker->in_idle_list;
  g_lock.unlock();
  return idle;
}

void rest_lookout() noexcept {
  g_lookout_word.store(0, std::memory_order_relaxed);  // relaxed: only the lookout waits on it, ordered by the lock
  g_lock.lock();
  const std::uint32_t idle = g_idle.load(std::memory_order_relaxed);  // relaxed: guarded
  g_lookout_rests = idle > 0 && lent_turns() == 0 && idle + benched_workers() == worker_count();
  const bool rests = g_lookout_rests;
  g_lock.unlock();
  // acquire: pairs with the release in leave_list().
  while (rests && g_lookout_word.load(std::memory_order_acquire) == 0) {
    futex_wait(g_lookout_word, 0, kForEver);
  }
}

void prepare_idle() noexcept {
  g_have_membarrier = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

// relaxed: one thread is left.
void forget_idle() noexcept {
  g_lock.forget_owner();
  g_list = nullptr;
  g_lookout_rests = false;
  g_idle.store(0, std::memory_order_relaxed);
  g_searching.store(0, std::memory_order_relaxed);
  g_watchman.store(nullptr, std::memory_order_relaxed);
  prepare_idle();
}

}  // namespace gordian::rt::sched
