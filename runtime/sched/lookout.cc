// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/lookout.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "runtime/sched/futex.h"
#include "runtime/sched/helper_thread.h"
#include "runtime/sched/idle.h"
#include "runtime/sched/stop.h"
#include "runtime/sched/turns.h"
#include "runtime/trace/thread_names.h"

namespace gordian::rt::sched {

namespace {

constexpr std::int64_t kPeriodNs = 5'000'000;
constexpr std::uint64_t kComputesNs = 2'000'000;  // of processor time since the first suspicion
constexpr std::uint32_t kPatience = 2;            // looks, as are the next two
constexpr std::uint32_t kMainPatience = 20;
constexpr std::uint32_t kMostDoublings = 6;

std::atomic<bool> g_started{false};

// What is remembered of a worker between two looks.
struct Suspicion {
  std::uint32_t ticks = 0;
  std::uint32_t looks = 0;  // at which it had not moved while work waited
  std::uint64_t cpu_ns = 0;
};

bool main_waits(const Worker* worker) noexcept {
  return worker->index == 0 && worker->main_ready.load(std::memory_order_relaxed);  // relaxed: asked again
}

// Anywhere: who is stuck keeps no thread from running what waits elsewhere, if it lends its turn.
bool work_waits() noexcept {
  const std::uint32_t workers = worker_count();
  bool waits = global_queue().size() > 0 || next_due() <= now_ns();
  for (std::uint32_t i = 0; i < workers && !waits; ++i) {
    const Worker* const worker = worker_at(i);
    // relaxed: asked again at the next look.
    waits =
        worker->queue.size() > 0 || worker->run_next.load(std::memory_order_relaxed) != nullptr || main_waits(worker);
  }
  return waits;
}

// The state letter of /proc/self/task/TID/stat, after the name in parentheses: does the thread sleep in the kernel?
bool sleeps_in_kernel(const Worker* worker) noexcept {
  char path[48];
  std::snprintf(path, sizeof(path), "/proc/self/task/%d/stat", worker->tid);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return false;
  }
  char text[128] = {};
  const ssize_t got = read(file, text, sizeof(text) - 1);
  close(file);
  const char* const state = got > 0 ? std::strrchr(text, ')') : nullptr;
  return state != nullptr && state[1] == ' ' && state[2] != 'R';
}

bool is_stuck(const Worker* worker, const Suspicion& suspicion) noexcept {
  const bool computes = record::clock_ns(worker->cpu_clock) - suspicion.cpu_ns >= kComputesNs;
  const std::uint32_t patience = kPatience << std::min(lent_turns(), kMostDoublings);
  return (computes && suspicion.looks >= patience) || sleeps_in_kernel(worker);  // [L1]
}

void act_on(Worker* worker, const Suspicion& suspicion) noexcept {
  if (main_waits(worker) && suspicion.looks >= kMainPatience) {
    worker->main_released.store(true, std::memory_order_relaxed);  // relaxed: thieves look again at main_ready [L2]
  }
  lend_turn(worker);
}

void look_at(Worker* worker, bool waits, Suspicion& suspicion) noexcept {
  const std::uint32_t ticks = worker->ticks.load(std::memory_order_relaxed);  // relaxed: does it move?
  if (ticks != suspicion.ticks || is_idle(worker) || is_benched(worker) || !waits) {
    suspicion = {.ticks = ticks};
  } else if (++suspicion.looks == 1) {
    suspicion.cpu_ns = record::clock_ns(worker->cpu_clock);
  } else if (is_stuck(worker, suspicion)) {
    act_on(worker, suspicion);
  }
}

void* lookout_main(void* /*unused*/) noexcept {
  static const std::atomic<std::uint32_t> nobody_wakes{0};
  static Suspicion suspicions[kMaxWorkers];
  pthread_setname_np(pthread_self(), trace::kLookoutName);
  while (!stopping()) {
    futex_wait(nobody_wakes, 0, kPeriodNs);
    const std::uint32_t workers = worker_count();
    const bool waits = work_waits();
    for (std::uint32_t i = 0; i < workers && !stopping(); ++i) {
      look_at(worker_at(i), waits, suspicions[i]);
    }
    rest_lookout();
  }
  return nullptr;
}

}  // namespace

void start_lookout() noexcept {
  // relaxed: a look before the exchange; acq_rel there: one thread starts it.
  if (g_started.load(std::memory_order_relaxed) || g_started.exchange(true, std::memory_order_acq_rel)) {
    return;
  }
  const int saved = errno;
  start_helper_thread(lookout_main);  // no thread to be had: nobody looks
  errno = saved;
}

void forget_lookout() noexcept { g_started.store(false, std::memory_order_relaxed); }  // relaxed: one thread is left

}  // namespace gordian::rt::sched
