// SPDX-License-Identifier: Apache-2.0
// Why nobody can go on, in plain words. A wait for a lock has one provider, its holder: following holders finds a cycle
// of locks. Everything else waits for any of several; as all are asleep, those form a knot, and the list of them is the
// answer.
#include "runtime/wait/dump.h"
#include "runtime/wait/table.h"

namespace gordian::rt::wait {

namespace {

const Row* row_of(std::uint64_t actor) noexcept {
  for (const Row* row = first_row(); row != nullptr; row = row->next_in_table) {
    if (row->state.load(std::memory_order_acquire) == RowState::waiting &&  // pairs with begin_wait
        row->actor->id.value == actor) {
      return row;
    }
  }
  return nullptr;
}

// Whoever must act before this row can go on, if that is a single actor that waits itself.
const Row* provider(const Row& row) noexcept {
  if (row.targets.size() != 1 || row.targets[0].object == nullptr) {
    return nullptr;
  }
  // relaxed: everybody sleeps, the counter of all_asleep.h ordered their writes.
  const std::uint64_t holder = row.targets[0].object->holder.load(std::memory_order_relaxed);
  return holder == 0 ? nullptr : row_of(holder);
}

const char* kind_word(const Object& object) noexcept {
  switch (static_cast<trace::ObjectKind>(object.kind)) {
#define GORDIAN_OBJECT_KIND(number, name, word) \
  case trace::ObjectKind::name:                 \
    return word;
#include "runtime/trace/object_kinds.def"
#undef GORDIAN_OBJECT_KIND
    case trace::ObjectKind::none:
      break;
  }
  return "object";
}

const char* reason_words(trace::WaitReason reason) noexcept {
  switch (reason) {
#define GORDIAN_WAIT_REASON(number, name, go_text, words) \
  case trace::WaitReason::name:                           \
    return words;
#include "runtime/trace/wait_reasons.def"
#undef GORDIAN_WAIT_REASON
    case trace::WaitReason::none:
      break;
  }
  return "waits";
}

void print_actor(TextOut& out, const Row& row) noexcept {
  out << (row.is_thread ? "thread " : "goroutine ") << row.actor->id.value;
  if (row.name[0] != '\0') {
    out << " (" << row.name << ")";
  }
}

void print_wait(TextOut& out, const Row& row) noexcept {
  print_actor(out, row);
  out << " " << reason_words(row.reason);
  if (row.outside != nullptr) {
    out << " ";
    out.hex(reinterpret_cast<std::uintptr_t>(row.outside));
  }
  const char* separator = " ";
  for (const WaitTarget& target : row.targets) {
    if (target.object != nullptr) {
      out << separator << kind_word(*target.object) << " ";
      out.hex(reinterpret_cast<std::uintptr_t>(target.object));
      if (row.reason == trace::WaitReason::select) {
        out << (target.sends ? " (send)" : " (receive)");
      }
      separator = ", ";
    }
  }
}

// A row on a cycle of single providers, by Brent's walk bounded by the number of rows; null if there is none.
const Row* row_on_cycle() noexcept {
  std::uint64_t rows = 0;
  for (const Row* row = first_row(); row != nullptr; row = row->next_in_table) {
    ++rows;
  }
  for (const Row* start = first_row(); start != nullptr; start = start->next_in_table) {
    if (start->state.load(std::memory_order_acquire) != RowState::waiting) {  // pairs with begin_wait
      continue;
    }
    const Row* row = start;
    for (std::uint64_t step = 0; row != nullptr && step < rows; ++step) {
      row = provider(*row);
      if (row == start) {
        return start;
      }
    }
  }
  return nullptr;
}

}  // namespace

void print_knot(TextOut& out) noexcept {
  if (const Row* const start = row_on_cycle()) {
    out << "\ncycle:\n";
    const Row* row = start;
    do {
      const Row* const next = provider(*row);
      out << "  ";
      print_wait(out, *row);
      out << ", held by ";
      print_actor(out, *next);
      out << "\n";
      row = next;
    } while (row != start);
    return;
  }
  out << "\nknot: each of these could only be woken by another of them\n";
  for (const Row* row = first_row(); row != nullptr; row = row->next_in_table) {
    if (row->state.load(std::memory_order_acquire) == RowState::waiting) {  // pairs with begin_wait
      out << "  ";
      print_wait(out, *row);
      out << "\n";
    }
  }
}

}  // namespace gordian::rt::wait
