// SPDX-License-Identifier: Apache-2.0
#include "runtime/intercept/lock_table.h"

#include <pthread.h>

#include <mutex>

#include "runtime/record/ring.h"
#include "runtime/wait/exit.h"

namespace gordian::rt::intercept {

namespace {

constexpr std::size_t kEntries = std::size_t{1} << 16;
constinit LockEntry g_locks[kEntries] = {};
constexpr std::uintptr_t kAlignment = alignof(pthread_spinlock_t);  // the smallest lock

// Has a lock ever been seen in a page of this number (modulo the size)? Freeing memory without locks stays cheap.
constexpr unsigned kPageShift = 12;
constexpr std::size_t kPages = std::size_t{1} << 16;
constinit std::atomic<bool> g_pages_with_locks[kPages] = {};

std::atomic<bool>& has_locks(std::uintptr_t address) noexcept {
  return g_pages_with_locks[(address >> kPageShift) % kPages];
}

std::atomic<LockEntry*> g_in_use{nullptr};

void link(LockEntry& entry) noexcept {
  entry.next = g_in_use.load(std::memory_order_relaxed);  // relaxed: a guess, the exchange checks it
  // relaxed, both: the list is only walked in the child of a fork, by its one thread.
  while (!g_in_use.compare_exchange_weak(entry.next, &entry, std::memory_order_relaxed)) {
  }
}

LockEntry* find(std::uintptr_t address, bool insert) noexcept {
  std::size_t index = (address >> 3) * 0x9e3779b97f4a7c15u >> 48;
  for (std::size_t probe = 0; probe < kEntries; ++probe, index = (index + 1) % kEntries) {
    LockEntry& entry = g_locks[index];
    // relaxed, both: an address is written once and is all that is read here; the entry's contents are published by
    // their guard (partner: whoever holds it next), the table's memory was there before any thread.
    std::uintptr_t seen = entry.address.load(std::memory_order_relaxed);
    if (seen == 0 && insert && entry.address.compare_exchange_strong(seen, address, std::memory_order_relaxed)) {
      // relaxed: its partner is the load in note_freed(); who frees the memory comes after the lock's users by the
      // program's own order, or the program is broken.
      has_locks(address).store(true, std::memory_order_relaxed);
      link(entry);
      return &entry;
    }
    if (seen == address) {
      return &entry;
    }
    if (seen == 0) {
      return nullptr;
    }
  }
  return nullptr;
}

// How many locks this thread has taken and not given back, more or less: none means that nothing need be looked for.
__attribute__((tls_model("initial-exec"))) constinit __thread std::int64_t t_held = 0;

std::uint64_t self() noexcept { return record::current_actor()->id.value; }

// All below under the guard.
std::uint64_t introduce(LockEntry& entry, trace::ObjectKind kind) noexcept {
  if (!record::is_introduced(entry.id)) {
    const bool inherited = entry.id != 0;
    entry.id = record::new_object_id().value;
    entry.ticket = inherited ? entry.ticket : 0;
    record::emit(trace::Object{.object = entry.id,
                               .kind = static_cast<std::uint64_t>(kind),
                               // relaxed: written once, by find(), which led the caller here.
                               .address = entry.address.load(std::memory_order_relaxed),
                               .capacity = entry.capacity});
    if (inherited) {
      record::emit(trace::Inherited{.object = entry.id});
    }
  }
  return entry.id;
}

void end(LockEntry& entry) noexcept {
  if (record::is_introduced(entry.id)) {
    record::emit(trace::ObjectEnd{.object = entry.id, .ticket = ++entry.ticket});
  }
  entry.id = 0;
  // relaxed: the object is gone, and with it whoever held it.
  entry.holder.store(0, std::memory_order_relaxed);
  entry.depth = entry.readers = entry.waiting = entry.signalled = 0;
  entry.capacity = 0;
  entry.from_outside = entry.told = false;
}

// The C library gave a lock that was never released before our eyes: another one lies at the address now (a mutex on a
// stack that is used again), or its holder died (a robust mutex).
void replace_held(LockEntry& entry, trace::LockMode mode) noexcept {
  // relaxed: written by whoever held the lock, under it.
  const bool written = entry.holder.load(std::memory_order_relaxed) != 0;
  if (!record::is_introduced(entry.id) || !(written || (mode == trace::LockMode::exclusive && entry.readers != 0))) {
    return;
  }
  const auto held = static_cast<std::uint64_t>(written ? trace::LockMode::exclusive : trace::LockMode::shared);
  for (std::uint32_t i = 0; i < (written ? 1 : entry.readers); ++i) {
    record::emit(trace::Unlock{.object = entry.id, .ticket = ++entry.ticket, .mode = held});
  }
  const bool from_outside = entry.from_outside;
  end(entry);
  entry.from_outside = from_outside;
}

template <class Event>
void emit_with_ticket(LockEntry& entry, trace::ObjectKind kind, Event event) noexcept {
  event.object = introduce(entry, kind);
  event.ticket = ++entry.ticket;
  record::emit(event);
}

void tell(LockEntry& entry, trace::PanicCode code) noexcept {
  record::emit(
      trace::Panic{.code = static_cast<std::uint64_t>(code), .object = entry.id, .text = wait::panic_text(code)});
}

// relaxed, both: written under the lock itself, or by whoever misuses it.
bool is_locked(const LockEntry& entry) noexcept {
  return entry.holder.load(std::memory_order_relaxed) != 0 || entry.readers != 0;
}

// A thread that was not announced may have locked before we knew it.
bool is_announced() noexcept { return record::current_actor()->frames != nullptr; }

// An exclusive hold ends by the caller's hand; false if there is none.
bool end_exclusive(LockEntry& entry, trace::ObjectKind kind) noexcept {
  const std::uint64_t holder = entry.holder.load(std::memory_order_relaxed);
  if (holder != self() && is_announced() && !entry.from_outside) {
    introduce(entry, kind);
    tell(entry, holder == 0 ? trace::PanicCode::free_unlock : trace::PanicCode::foreign_unlock);
  }
  entry.holder.store(0, std::memory_order_relaxed);  // relaxed: as in is_locked()
  entry.depth = 0;
  t_held -= holder == self() ? 1 : 0;
  return holder != 0;
}

}  // namespace

LockEntry* recorded_lock(const void* address) noexcept {
  if (!record::enabled() || record::is_internal() || record::current_actor() == nullptr) {
    return nullptr;
  }
  LockEntry* entry = find(reinterpret_cast<std::uintptr_t>(address), true);
  if (entry == nullptr) {
    record::g_ring.lose_sync(1);
  }
  return entry;
}

void note_begin(const void* address, trace::ObjectKind kind, std::uint64_t capacity, bool from_outside) noexcept {
  if (LockEntry* entry = recorded_lock(address)) {
    const std::lock_guard guard(entry->guard);
    end(*entry);
    entry->capacity = capacity;
    entry->from_outside = from_outside;
    if (kind != trace::ObjectKind::none) {
      introduce(*entry, kind);
    }
  }
}

std::uint64_t identify(LockEntry& entry, trace::ObjectKind kind) noexcept {
  const std::lock_guard guard(entry.guard);
  return introduce(entry, kind);
}

std::uint64_t id_for_wait(LockEntry& entry, trace::ObjectKind kind) noexcept {
  const std::uint64_t id = identify(entry, kind);
  return entry.from_outside ? 0 : id;
}

// relaxed: the caller's own id can only have been written by the caller.
bool is_held_by_caller(const LockEntry& entry) noexcept {
  return entry.holder.load(std::memory_order_relaxed) == self();
}

void note_acquired(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode, bool tried) noexcept {
  const std::lock_guard guard(entry.guard);
  replace_held(entry, mode);
  if (mode == trace::LockMode::exclusive) {
    entry.holder.store(self(), std::memory_order_relaxed);  // relaxed: under the lock itself
    entry.depth = 1;
    ++t_held;
  } else {
    ++entry.readers;
  }
  const auto word = static_cast<std::uint64_t>(mode);
  tried ? emit_with_ticket(entry, kind, trace::TryLock{.mode = word})
        : emit_with_ticket(entry, kind, trace::Lock{.mode = word});
}

void note_release(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode) noexcept {
  const std::lock_guard guard(entry.guard);
  if (mode == trace::LockMode::shared && entry.readers != 0) {
    --entry.readers;
  } else if (!end_exclusive(entry, kind)) {
    return;
  }
  emit_with_ticket(entry, kind, trace::Unlock{.mode = static_cast<std::uint64_t>(mode)});
}

void note_from_outside(LockEntry& entry) noexcept {
  const std::lock_guard guard(entry.guard);
  entry.from_outside = true;
}

void note_busy(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode) noexcept {
  record::emit(trace::TryLockFailed{.object = identify(entry, kind), .mode = static_cast<std::uint64_t>(mode)});
}

// What the lock was before the fork is not known well enough to say anything of it.
void forget_lock_owners() noexcept {
  for (LockEntry* entry = g_in_use.load(std::memory_order_relaxed); entry != nullptr; entry = entry->next) {
    entry->guard.forget_owner();
    entry->waiting = entry->signalled = 0;
    entry->from_outside = true;
  }
}

// At the program's end what is left locked is left to the system.
void tell_if_locked(LockEntry& entry) noexcept {
  const std::lock_guard guard(entry.guard);
  if (record::is_introduced(entry.id) && is_locked(entry) && !entry.from_outside && !entry.told &&
      !record::has_exited()) {
    tell(entry, trace::PanicCode::destroyed_locked);
    entry.told = true;
  }
}

void note_end(LockEntry& entry) noexcept {
  const std::lock_guard guard(entry.guard);
  end(entry);
}

void tell_locks_held() noexcept {
  if (t_held <= 0 || !record::enabled() || record::current_actor() == nullptr) {
    return;
  }
  for (LockEntry& entry : g_locks) {
    // relaxed, both: what the caller itself has written; zero and others' values are all the same.
    if (entry.address.load(std::memory_order_relaxed) == 0 || entry.holder.load(std::memory_order_relaxed) != self()) {
      continue;
    }
    const std::lock_guard guard(entry.guard);
    if (!entry.from_outside) {
      tell(entry, trace::PanicCode::locked_at_thread_exit);
      entry.told = true;
    }
  }
}

void note_permit_taken(LockEntry& entry, trace::ObjectKind kind) noexcept {
  const std::lock_guard guard(entry.guard);
  emit_with_ticket(entry, kind, trace::SemAcquire{.permits = 1});
}

void note_permit_given(LockEntry& entry, trace::ObjectKind kind) noexcept {
  const std::lock_guard guard(entry.guard);
  emit_with_ticket(entry, kind, trace::SemRelease{.permits = 1});
}

namespace {

// The memory is about to become something else, and the locks in it are gone.
void note_freed(std::uintptr_t address, std::size_t bytes) noexcept {
  const std::uintptr_t end = address + bytes;
  for (std::uintptr_t at = address & ~(kAlignment - 1); at < end;) {
    if (!has_locks(at).load(std::memory_order_relaxed)) {  // relaxed: partner and reason in find()
      at = (at | ((std::uintptr_t{1} << kPageShift) - 1)) + 1;
      continue;
    }
    if (LockEntry* entry = find(at, false)) {
      tell_if_locked(*entry);
      note_end(*entry);
    }
    at += kAlignment;
  }
}

__attribute__((constructor(102))) void follow_frees() noexcept { record::follow_frees(note_freed); }

}  // namespace

}  // namespace gordian::rt::intercept
