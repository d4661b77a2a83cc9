// SPDX-License-Identifier: Apache-2.0
#include "runtime/intercept/lock_table.h"

#include <pthread.h>

#include <mutex>

#include "runtime/record/ring.h"

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

// Under the guard.
std::uint64_t introduce(LockEntry& entry, trace::ObjectKind kind) noexcept {
  if (!record::is_introduced(entry.id)) {
    const bool inherited = entry.id != 0;
    entry.id = record::new_object_id().value;
    entry.ticket = inherited ? entry.ticket : 0;
    record::emit(trace::Object{.object = entry.id,
                               .kind = static_cast<std::uint64_t>(kind),
                               // relaxed: written once, by find(), which led the caller here.
                               .address = entry.address.load(std::memory_order_relaxed)});
    if (inherited) {
      record::emit(trace::Inherited{.object = entry.id});
    }
  }
  return entry.id;
}

template <class Event>
void emit_with_ticket(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode) noexcept {
  const std::lock_guard guard(entry.guard);
  Event event;
  event.object = introduce(entry, kind);
  event.ticket = ++entry.ticket;
  event.mode = static_cast<std::uint64_t>(mode);
  record::emit(event);
}

std::uint64_t self() noexcept { return record::current_actor()->id.value; }

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

std::uint64_t identify(LockEntry& entry, trace::ObjectKind kind) noexcept {
  const std::lock_guard guard(entry.guard);
  return introduce(entry, kind);
}

void note_acquired(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode, bool tried) noexcept {
  if (mode == trace::LockMode::exclusive) {
    if (entry.holder == self() && entry.depth > 0) {
      ++entry.depth;
      return;
    }
    entry.holder = self();
    entry.depth = 1;
  }
  tried ? emit_with_ticket<trace::TryLock>(entry, kind, mode) : emit_with_ticket<trace::Lock>(entry, kind, mode);
}

void note_release(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode) noexcept {
  if (mode == trace::LockMode::exclusive) {
    if (entry.depth > 1) {
      --entry.depth;
      return;
    }
    entry.holder = 0;
    entry.depth = 0;
  }
  emit_with_ticket<trace::Unlock>(entry, kind, mode);
}

void note_busy(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode) noexcept {
  record::emit(trace::TryLockFailed{.object = identify(entry, kind), .mode = static_cast<std::uint64_t>(mode)});
}

void forget_lock_owners() noexcept {
  for (LockEntry* entry = g_in_use.load(std::memory_order_relaxed); entry != nullptr; entry = entry->next) {
    entry->guard.forget_owner();
  }
}

void note_end(LockEntry& entry) noexcept {
  const std::lock_guard guard(entry.guard);
  if (record::is_introduced(entry.id)) {
    record::emit(trace::ObjectEnd{.object = entry.id, .ticket = ++entry.ticket});
    entry.id = 0;
  }
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
      note_end(*entry);
    }
    at += kAlignment;
  }
}

__attribute__((constructor(102))) void follow_frees() noexcept { record::follow_frees(note_freed); }

}  // namespace

Blocking::Blocking(LockEntry& entry, trace::ObjectKind kind, trace::WaitReason reason) noexcept {
  const std::uint64_t id = identify(entry, kind);
  record::emit(
      trace::Block{.reason = static_cast<std::uint64_t>(reason), .cycles = record::cycles(), .objects = {&id, 1}});
  record::publish();
}

Blocking::~Blocking() {
  record::Actor* actor = record::current_actor();
  record::emit(trace::Ready{.actor = actor->id.value, .run = actor->run});
  record::switch_actor(actor, actor);
}

}  // namespace gordian::rt::intercept
