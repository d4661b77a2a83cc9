// SPDX-License-Identifier: Apache-2.0
// The table itself: a list that only grows, and the transitions of a row.
#include "runtime/wait/table.h"

#include <alloca.h>

#include <algorithm>
#include <cstring>

#include "runtime/record/clock.h"
#include "runtime/record/spin_lock.h"
#include "runtime/wait/thread_block.h"
#include "runtime/wait/threads.h"

namespace gordian::rt::wait {

namespace {

std::atomic<Row*> g_rows{nullptr};
record::SpinLock g_identify_lock;

// Objects of a select carry the direction, as in the Select event; those of other waits are plain ids.
__attribute__((noinline)) void record_block(trace::WaitReason reason, std::span<const WaitTarget> targets) noexcept {
  auto* const ids = static_cast<std::uint64_t*>(alloca((targets.size() + 1) * sizeof(std::uint64_t)));
  const bool is_select = reason == trace::WaitReason::select;
  std::size_t count = 0;
  for (const WaitTarget& target : targets) {
    if (target.object != nullptr) {
      // relaxed: the partner, the release in identify_slow(), came before: the caller identified the object, or saw it
      // identified under its lock.
      const std::uint64_t id = target.object->id.load(std::memory_order_relaxed);
      ids[count++] = is_select ? id * 2 + (target.sends ? 1 : 0) : id;
    }
  }
  record::emit(trace::Block{.reason = static_cast<std::uint64_t>(reason),
                            .cycles = record::cycles(),
                            .objects = std::span<const std::uint64_t>(ids, count)});
}

void note_wait(Row& row, trace::WaitReason reason, std::span<const WaitTarget> targets) noexcept {
  row.reason = reason;
  row.targets = targets;
  row.since_ns = record::clock_ns(CLOCK_MONOTONIC_COARSE);
  // release: pairs with the acquire of a dump, which then sees reason and targets.
  row.state.store(RowState::waiting, std::memory_order_release);
}

}  // namespace

std::uint64_t identify_slow(Object& object, const void* address, std::uint64_t capacity) noexcept {
  g_identify_lock.lock();
  std::uint64_t id = object.id.load(std::memory_order_relaxed);  // relaxed: written only under this lock
  if (!record::is_introduced(id)) {
    const bool inherited = id != 0;
    id = record::new_object_id().value;
    record::emit(trace::Object{
        .object = id, .kind = object.kind, .address = reinterpret_cast<std::uintptr_t>(address), .capacity = capacity});
    if (inherited) {
      record::emit(trace::Inherited{.object = id});
    }
    // release: pairs with the acquire in identify(); who sees the id may write events after the Object event.
    object.id.store(id, std::memory_order_release);
  }
  g_identify_lock.unlock();
  return id;
}

void forget_identification() noexcept { g_identify_lock.forget_owner(); }

void add_row(Row* row) noexcept {
  Row* head = g_rows.load(std::memory_order_relaxed);  // relaxed: a guess, the exchange below checks it
  do {
    row->next_in_table = head;
    // release: pairs with the acquire in first_row(); the row is complete when it is found. relaxed on failure: as
    // above.
  } while (!g_rows.compare_exchange_weak(head, row, std::memory_order_release, std::memory_order_relaxed));
}

// acquire: pairs with the release in add_row().
Row* first_row() noexcept { return g_rows.load(std::memory_order_acquire); }

std::size_t waiting_goroutines() noexcept {
  std::size_t count = 0;
  for (const Row* row = first_row(); row != nullptr; row = row->next_in_table) {
    // acquire: pairs with the release in note_wait(): the Block of whoever is counted has been written.
    count += !row->is_thread && row->state.load(std::memory_order_acquire) == RowState::waiting ? 1 : 0;
  }
  return count;
}

Row* current_row() noexcept { return reinterpret_cast<Row*>(thread_block()->reserved[0]); }
void set_current_row(Row* row) noexcept { thread_block()->reserved[0] = reinterpret_cast<std::uint64_t>(row); }

Row& self() noexcept {
  Row* const row = current_row();
  return row != nullptr ? *row : adopt_thread();
}

void begin_wait(Row& row, trace::WaitReason reason, std::span<const WaitTarget> targets) noexcept {
  if (record::enabled()) {
    record_block(reason, targets);
  }
  note_wait(row, reason, targets);
}

void begin_outside_wait(Row& row, trace::WaitReason reason, std::uint64_t object, const void* address) noexcept {
  row.outside = address;
  record::emit(
      trace::Block{.reason = static_cast<std::uint64_t>(reason), .cycles = record::cycles(), .objects = {&object, 1}});
  note_wait(row, reason, {});
  record::publish();
  record::switch_actor(row.actor, nullptr);
}

void end_outside_wait(Row& row) noexcept {
  end_wait_ready(row);
  record::switch_actor(nullptr, row.actor);
  row.outside = nullptr;
  row.state.store(RowState::running, std::memory_order_relaxed);  // relaxed: a hint for dumps
}

void end_wait(Row& row) noexcept {
  // release: pairs with the acquire of a dump: who sees the end of the wait does not read its targets.
  row.state.store(RowState::runnable, std::memory_order_release);
}

void end_wait_ready(Row& row) noexcept {
  record::emit(trace::Ready{.actor = row.actor->id.value, .run = row.actor->run});
  end_wait(row);
}

void set_name(Row& row, const char* text, std::size_t bytes) noexcept {
  const std::size_t kept = std::min(bytes, kNameBytes - 1);
  std::memcpy(row.name, text, kept);
  row.name[kept] = '\0';
}

}  // namespace gordian::rt::wait
