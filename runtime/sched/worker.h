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

  int tid = 0;            // this thread's
  clockid_t cpu_clock{};  // likewise

  // Read by others.
  alignas(64) RunQueue queue;
  std::atomic<Goroutine*> run_next{nullptr};
  std::atomic<bool> called{false};         // to its scheduler: the program stops, or its turn was lent
  std::atomic<bool> lent{false};           // its turn, see turns.h
  std::atomic<bool> main_ready{false};     // worker 0: goroutine 1 may run
  std::atomic<bool> main_released{false};  // worker 0: on another one, if need be (lookout.h [L2])
  std::atomic<std::uint32_t> ticks{0};     // of the scheduler: a watchman sees whether it moves
  std::atomic<std::uint64_t> spawned{0};   // written by its own thread only
  std::atomic<std::uint64_t> finished{0};
  std::atomic<std::uint64_t> steals{0};                 // goroutines taken from others
  alignas(64) std::atomic<std::uint32_t> wake_word{0};  // 1: woken
  bool in_idle_list = false;                            // guarded by the idle list's lock
  bool benched = false;                                 // guarded by the turns' lock
  Worker* next_idle = nullptr;
};

// The calling thread's worker, or null. Read anew at each call: see wait/thread_block.h.
Worker* current_worker() noexcept;
void set_current_worker(Worker* worker) noexcept;

// Goroutine 1 if it is ready and its turn has come (or `at_once`); only ever on worker 0.
Goroutine* take_main(Worker* worker, bool at_once) noexcept;
// Who is in a worker's run-next slot; also called by thieves.
Goroutine* take_run_next(Worker* worker) noexcept;
// A worker that lent its turn: is there something in its slots for others, and what?
bool has_lent_work(const Worker* worker) noexcept;
Goroutine* take_lent(Worker* worker) noexcept;
void count_steals(Worker* worker, std::uint32_t count) noexcept;
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
void read_max_procs() noexcept;
void store_max_procs(std::uint32_t count) noexcept;
// In the child of a fork: the caller's worker, if it has one, is the only one and number 0, with empty queues.
void forget_other_workers() noexcept;

// What a worker's thread does when it runs no goroutine. Never returns.
[[noreturn]] void schedule(Worker* worker) noexcept;
// Remembers what is this thread's own and never changes; what a fork changes.
void bind_to_thread(Worker* worker) noexcept;
void remember_thread(Worker* worker) noexcept;

}  // namespace gordian::rt::sched
