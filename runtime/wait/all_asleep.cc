// SPDX-License-Identifier: Apache-2.0
// The counter, and what its last decrement means. Protocol: all_asleep.h.
#include "runtime/wait/all_asleep.h"

#include <atomic>
#include <cstdlib>

#include "runtime/wait/dump.h"
#include "runtime/wait/exit.h"
#include "runtime/wait/table.h"

namespace gordian::rt::wait {

namespace {

std::atomic<std::uint32_t> g_awake{0};
std::atomic<bool> g_main_goexit{false};
std::atomic<bool> g_stopped{false};
bool g_without_main = false;  // changed in the child of a fork, before it has threads

struct Waiting {
  bool anybody = false;
  bool for_ours = false;  // for more than the end of a thread
};
Waiting who_waits() noexcept {
  Waiting waiting;
  for (const Row* row = first_row(); row != nullptr; row = row->next_in_table) {
    if (row->state.load(std::memory_order_acquire) == RowState::waiting) {  // pairs with begin_wait
      waiting.anybody = true;
      waiting.for_ours = waiting.for_ours || row->reason != trace::WaitReason::thread_join;
    }
  }
  return waiting;
}

void die_asleep() noexcept {
  // relaxed: set by main before it parked; the counter's acq_rel orders it.
  const bool no_main = g_main_goexit.load(std::memory_order_relaxed);
  const Waiting waiting = who_waits();
  if (g_without_main && !waiting.anybody) {
    std::exit(0);
  }
  if (waiting.anybody && !waiting.for_ours && !no_main) {
    return;  // [A4]
  }
  const auto code = no_main ? trace::PanicCode::no_goroutines : trace::PanicCode::all_asleep;
  die_of_deadlock(code);
}

}  // namespace

// relaxed: the waker is awake itself [A2]; the sleeper's wake-up carries the order.
void count_awake() noexcept { g_awake.fetch_add(1, std::memory_order_relaxed); }

void count_asleep() noexcept {
  // acq_rel: release publishes this thread's rows to the last one, acquire lets the last one see everybody's.
  if (g_awake.fetch_sub(1, std::memory_order_acq_rel) == 1 && !g_stopped.load(std::memory_order_relaxed)) {
    die_asleep();
  }
}

void note_main_goexit() noexcept { g_main_goexit.store(true, std::memory_order_relaxed); }  // relaxed: see die_asleep
// relaxed: whoever sleeps after the program has begun to die may see either; both end it.
void stop_watching() noexcept { g_stopped.store(true, std::memory_order_relaxed); }

void count_anew(std::uint32_t awake, bool without_main) noexcept {
  g_awake.store(awake, std::memory_order_relaxed);  // relaxed: one thread is left
  g_without_main = without_main;
}

}  // namespace gordian::rt::wait
