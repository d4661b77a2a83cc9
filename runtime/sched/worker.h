// SPDX-License-Identifier: Apache-2.0
// A worker: one OS thread that runs goroutines from its own queue and steals from others when that is empty.
#pragma once

#include <pthread.h>

#include <atomic>
#include <cstdint>

#include "runtime/sched/run_queue.h"
#include "runtime/sched/timers.h"

namespace gordian::rt::sched {

inline constexpr std::uint32_t kMaxWorkers = 256;
inline constexpr std::uint32_t kFairness = 64;  // every 64th pick serves the queues before run-next

struct alignas(64) Worker {
  // Its own thread's.
  std::uint32_t index = 0;
  std::uint32_t picks = 0;
  Goroutine* current = nullptr;     // null on the scheduler's stack
  Goroutine* leaving = nullptr;     // was left by the last jump; its context is not stored yet
  Goroutine* handed = nullptr;      // to be run by the scheduler next
  Context scheduler = nullptr;      // where its scheduler waits while a goroutine runs
  int* errno_address = nullptr;     // this thread's
  EhGlobals* eh_globals = nullptr;  // this thread's
  StackCache stacks;
  DescriptorCache descriptors;
  std::uint64_t random = 0;
  bool searching = false;        // counted in g_searching
  std::uint32_t main_after = 0;  // worker 0: so many picks go before main, which yielded

  // Read by others.
  alignas(64) RunQueue queue;
  std::atomic<Goroutine*> run_next{nullptr};
  std::atomic<bool> main_ready{false};    // worker 0: goroutine 1 may run
  std::atomic<std::uint32_t> ticks{0};    // of the scheduler: a watchman sees whether it moves
  std::atomic<std::uint64_t> spawned{0};  // written by its own thread only
  std::atomic<std::uint64_t> finished{0};
  std::atomic<std::uint64_t> steals{0};                 // goroutines taken from others
  alignas(64) std::atomic<std::uint32_t> wake_word{0};  // 1: woken
  bool in_idle_list = false;                            // guarded by the idle list's lock
  bool benched = false;                                 // guarded likewise: more workers than set_max_procs allows
  Worker* next_idle = nullptr;
};

// The calling thread's worker, or null. Read anew at each call: see wait/thread_block.h.
Worker* current_worker() noexcept;
void set_current_worker(Worker* worker) noexcept;

// Goroutine 1 if it is ready and its turn has come (or `at_once`); only ever on worker 0.
Goroutine* take_main(Worker* worker, bool at_once) noexcept;
// Who is in a worker's run-next slot; also called by thieves.
Goroutine* take_run_next(Worker* worker) noexcept;
// Into the worker's queue, half of which overflows to the global one. By its own thread.
void push_local(Worker* worker, Goroutine* goroutine) noexcept;
Goroutine* main_goroutine() noexcept;

// All workers that ever started, by index.
Worker* worker_at(std::uint32_t index) noexcept;
std::uint32_t worker_count() noexcept;
std::uint32_t max_procs() noexcept;
GlobalQueue& global_queue() noexcept;

// Makes worker 0 of the calling thread.
Worker* make_main_worker() noexcept;
// Starts the thread of one more worker, if the setting allows one; it begins by searching. False if not.
bool start_worker() noexcept;
bool may_start_worker() noexcept;
// Setting plus workers whose thread is blocked elsewhere: those below may run goroutines.
std::uint32_t allowed_workers() noexcept;
std::uint32_t outside_workers() noexcept;
void count_outside(int change) noexcept;
void read_max_procs() noexcept;
void store_max_procs(std::uint32_t count) noexcept;
void forget_other_workers() noexcept;  // in the child of a fork

// What a worker's thread does when it runs no goroutine. Never returns.
[[noreturn]] void schedule(Worker* worker) noexcept;
// Remembers what is this thread's own and never changes.
void bind_to_thread(Worker* worker) noexcept;

}  // namespace gordian::rt::sched
