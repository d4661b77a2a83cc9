// SPDX-License-Identifier: Apache-2.0
// Dumps and deaths. Only one thread dies: later ones wait for it to finish.
#include "runtime/wait/dump.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "runtime/record/clock.h"
#include "runtime/wait/all_asleep.h"
#include "runtime/wait/table.h"

namespace gordian::rt::wait {

namespace {

const char* reason_text(trace::WaitReason reason) noexcept {
  switch (reason) {
#define GORDIAN_WAIT_REASON(number, name, go_text, words) \
  case trace::WaitReason::name:                           \
    return go_text;
#include "runtime/trace/wait_reasons.def"
#undef GORDIAN_WAIT_REASON
    case trace::WaitReason::none:
      break;
  }
  return "waiting";
}

std::uint64_t minutes_since(std::uint64_t since_ns) noexcept {
  const std::uint64_t now_ns = record::clock_ns(CLOCK_MONOTONIC_COARSE);
  return now_ns > since_ns ? (now_ns - since_ns) / 60000000000 : 0;
}

void print_creation(TextOut& out, const Row& row, bool in_signal) noexcept {
  if (!row.creator) {
    return;
  }
  out << "created by goroutine " << row.creator.value;
  if (row.created_at.function == nullptr && row.created_at.pc == 0) {  // a thread of the C library
    out << "\n";
    return;
  }
  out << " in ";
  print_point(out, row.created_at, in_signal);
}

void print_row(TextOut& out, const Row& row) noexcept {
  const RowState state =
      row.state.load(std::memory_order_acquire);  // pairs with the release in begin_wait: reason and targets are set
  out << (row.is_thread ? "thread " : "goroutine ") << row.actor->id.value << " [";
  if (state == RowState::waiting) {
    out << reason_text(row.reason);
    if (const std::uint64_t minutes = minutes_since(row.since_ns); minutes > 0) {
      out << ", " << minutes << " minutes";
    }
  } else {
    out << (state == RowState::runnable ? "runnable" : "running");
  }
  out << "]:\n";
  StackTrace stack;
  capture_parked_stack(row, stack);
  print_stack(out, stack);
  print_creation(out, row, false);
}

// The row with the smallest id above `after`: rows are not sorted, and nothing may be allocated.
const Row* next_by_id(std::uint64_t after) noexcept {
  const Row* best = nullptr;
  for (const Row* row = first_row(); row != nullptr; row = row->next_in_table) {
    // acquire: pairs with the release of whoever made the row: its actor is set.
    if (row->state.load(std::memory_order_acquire) != RowState::vacant && row->actor->id.value > after &&
        (best == nullptr || row->actor->id < best->actor->id)) {
      best = row;
    }
  }
  return best;
}

std::atomic<bool> g_dying{false};

void begin_dying() noexcept {
  // acq_rel: partners are the other callers; only uniqueness matters.
  while (g_dying.exchange(true, std::memory_order_acq_rel)) {
    pause();
  }
  stop_watching();
}

// What the program printed comes before its last words.
void flush_stdout() noexcept {
  if (ftrylockfile(stdout) == 0) {
    std::fflush(stdout);
    funlockfile(stdout);
  }
}

[[noreturn]] void finish_dying(TextOut& out) noexcept {
  out.flush();
  record::record_exit(kDeathStatus, false);
  _exit(kDeathStatus);
}

}  // namespace

const char* panic_text(trace::PanicCode code) noexcept {
  switch (code) {
#define GORDIAN_PANIC(number, name, fatal, subkind, text) \
  case trace::PanicCode::name:                            \
    return text;
#include "runtime/trace/panics.def"
#undef GORDIAN_PANIC
    case trace::PanicCode::none:
      break;
  }
  return "";
}

void record_panic(trace::PanicCode code, std::uint64_t object, std::string_view text) noexcept {
  record::emit(trace::Panic{.code = static_cast<std::uint64_t>(code), .object = object, .text = text});
}

void print_all(TextOut& out) noexcept {
  const char* separator = "";
  for (const Row* row = next_by_id(0); row != nullptr; row = next_by_id(row->actor->id.value)) {
    out << separator;
    print_row(out, *row);
    separator = "\n";
  }
}

void print_running(TextOut& out, const StackTrace& where) noexcept {
  const Row& row = self();
  out << (row.is_thread ? "thread " : "goroutine ") << row.actor->id.value << " [running]:\n";
  print_stack(out, where);
  print_creation(out, row, where.in_signal);
}

void give_way_to_death() noexcept {
  // relaxed: nothing is read that the dying one wrote; who begins to die after this look loses to main, as in Go.
  while (g_dying.load(std::memory_order_relaxed)) {
    pause();
  }
}

// relaxed: the child has one thread.
void forget_death() noexcept { g_dying.store(false, std::memory_order_relaxed); }

void die_of_deadlock(trace::PanicCode code) noexcept {
  begin_dying();
  flush_stdout();
  record::emit(trace::Fatal{.code = static_cast<std::uint64_t>(code), .text = panic_text(code)});
  TextOut out(STDERR_FILENO);
  out << "fatal error: " << panic_text(code) << "\n\n";
  print_all(out);
  print_knot(out);
  finish_dying(out);
}

void die_of_misuse(trace::PanicCode code, std::uint64_t object) noexcept {
  StackTrace where;
  capture_own_stack(where);
  begin_dying();
  flush_stdout();
  record::emit(trace::Fatal{.code = static_cast<std::uint64_t>(code), .object = object, .text = panic_text(code)});
  TextOut out(STDERR_FILENO);
  out << "fatal error: " << panic_text(code) << "\n\n";
  print_running(out, where);
  finish_dying(out);
}

void die_of_stack_overflow(std::uint64_t limit) noexcept {
  StackTrace where;
  where.in_signal = true;
  capture_own_stack(where);
  record::abandon_append();
  begin_dying();
  const char* const text = panic_text(trace::PanicCode::stack_overflow);
  record::emit(trace::Fatal{.code = static_cast<std::uint64_t>(trace::PanicCode::stack_overflow), .text = text});
  TextOut out(STDERR_FILENO);
  out << "runtime: goroutine stack exceeds " << limit << "-byte limit\nfatal error: " << text << "\n\n";
  print_running(out, where);
  finish_dying(out);
}

void die_of_panic(std::string_view text, const StackTrace& where) noexcept {
  begin_dying();
  flush_stdout();
  TextOut out(STDERR_FILENO);
  out << "panic: " << text << "\n\n";
  print_running(out, where);
  finish_dying(out);
}

}  // namespace gordian::rt::wait
