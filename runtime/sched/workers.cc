// SPDX-License-Identifier: Apache-2.0
// All workers: how many there may be, starting one, the queue they share.
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <new>

#include "runtime/base/check.h"
#include "runtime/sched/stop.h"
#include "runtime/sched/turns.h"
#include "runtime/sched/worker.h"
#include "runtime/wait/all_asleep.h"

namespace gordian::rt::sched {

namespace {

std::atomic<Worker*> g_workers[kMaxWorkers] = {};
std::atomic<std::uint32_t> g_count{0};
std::atomic<std::uint32_t> g_max_procs{1};
record::SpinLock g_start_lock;
GlobalQueue g_global;

std::uint32_t processors() noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? static_cast<std::uint32_t>(CPU_COUNT(&set)) : 1;
}

Worker* add_worker() noexcept {
  const record::Internal internal;
  auto* const worker = new (std::nothrow) Worker;
  GORDIAN_CHECK(worker != nullptr);
  worker->index = g_count.load(std::memory_order_relaxed);            // relaxed: changed under the start lock only
  g_workers[worker->index].store(worker, std::memory_order_relaxed);  // relaxed: published by the count
  // release: pairs with the acquire in worker_count().
  g_count.store(worker->index + 1, std::memory_order_release);
  return worker;
}

void* worker_thread(void* argument) noexcept {
  auto* const worker = static_cast<Worker*>(argument);
  bind_to_thread(worker);
  record::start_thread(nullptr);
  record::alloc_thread_locals();
  worker->searching = true;  // counted by whoever started it
  schedule(worker);
}

bool create_thread(Worker* worker) noexcept {
  const record::Internal internal;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  const int failed = pthread_create(&thread, &attributes, worker_thread, worker);
  pthread_attr_destroy(&attributes);
  return failed == 0;
}

}  // namespace

// relaxed, these three: a setting and a count whose partners are the stores here and in add_worker(); a late reader
// acts a moment later, and who starts a worker looks again under the start lock.
std::uint32_t max_procs() noexcept { return g_max_procs.load(std::memory_order_relaxed); }
void store_max_procs(std::uint32_t count) noexcept {
  g_max_procs.store(std::clamp<std::uint32_t>(count, 1, kMaxWorkers), std::memory_order_relaxed);
}
bool may_start_worker() noexcept { return g_count.load(std::memory_order_relaxed) < allowed_workers(); }

std::uint32_t worker_count() noexcept {
  return g_count.load(std::memory_order_acquire);
}  // pairs with the release in add_worker()
Worker* worker_at(std::uint32_t index) noexcept {
  return g_workers[index].load(std::memory_order_relaxed);  // relaxed: the acquire in worker_count() published it
}
GlobalQueue& global_queue() noexcept { return g_global; }

void read_max_procs() noexcept {
  const char* const text = std::getenv("GORDIAN_MAXPROCS");
  const long wanted = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  store_max_procs(wanted > 0 ? static_cast<std::uint32_t>(std::min<long>(wanted, kMaxWorkers)) : processors());
}

Worker* make_main_worker() noexcept {
  Worker* const worker = add_worker();
  bind_to_thread(worker);
  return worker;
}

bool start_worker() noexcept {
  const int saved = errno;
  g_start_lock.lock();
  bool started = false;
  if (may_start_worker() && !stopping()) {
    wait::count_awake();
    Worker* const worker = add_worker();
    started = create_thread(worker);
    GORDIAN_CHECK(started);  // out of threads: as fatal as in Go
  }
  g_start_lock.unlock();
  errno = saved;
  return started;
}

// relaxed throughout: one thread is left.
void forget_other_workers() noexcept {
  g_start_lock.forget_owner();
  g_global.forget();
  Worker* const worker = current_worker();
  g_count.store(worker == nullptr ? 0 : 1, std::memory_order_relaxed);
  if (worker == nullptr) {
    return;
  }
  g_workers[0].store(worker, std::memory_order_relaxed);
  worker->index = 0;
  worker->handed = nullptr;
  worker->descriptors = {};
  while (worker->queue.pop() != nullptr) {
  }
  worker->run_next.store(nullptr, std::memory_order_relaxed);
  worker->called.store(false, std::memory_order_relaxed);
  worker->lent.store(false, std::memory_order_relaxed);
  worker->main_ready.store(false, std::memory_order_relaxed);
  worker->main_released.store(false, std::memory_order_relaxed);
  worker->spawned.store(0, std::memory_order_relaxed);
  worker->finished.store(0, std::memory_order_relaxed);
  remember_thread(worker);
}

void GlobalQueue::forget() noexcept {
  lock_.forget_owner();
  size_.store(0, std::memory_order_relaxed);  // relaxed: one thread is left
  head_ = tail_ = nullptr;
}

void GlobalQueue::push(Goroutine* goroutine) noexcept {
  goroutine->next = nullptr;
  lock_.lock();
  (tail_ == nullptr ? head_ : tail_->next) = goroutine;
  tail_ = goroutine;
  // relaxed, both: written under the lock only; for readers without it a hint, see size().
  size_.store(size_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  lock_.unlock();
}

Goroutine* GlobalQueue::pop() noexcept {
  if (size() == 0) {
    return nullptr;
  }
  lock_.lock();
  Goroutine* const one = head_;
  if (one != nullptr) {
    head_ = one->next;
    tail_ = head_ == nullptr ? nullptr : tail_;
    size_.store(size_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);  // relaxed: as in push()
  }
  lock_.unlock();
  return one;
}

}  // namespace gordian::rt::sched
