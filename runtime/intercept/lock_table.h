// SPDX-License-Identifier: Apache-2.0
// The locks, conditions, semaphores and barriers of the C library, found by address: id, ticket, holder. An entry is
// never removed; a destroyed lock's gets a new id when the address is used again. Locks that are destroyed without a
// call (std::mutex) end with their memory: a heap block, a mapping, the stack of a thread or goroutine. On a live stack
// they keep their id.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "runtime/record/recorder.h"
#include "runtime/record/spin_lock.h"

namespace gordian::rt::intercept {

struct LockEntry {
  std::atomic<std::uintptr_t> address{0};
  record::SpinLock guard;                // readers of an rwlock take tickets concurrently
  std::uint64_t id = 0;                  // guarded; 0 = to be introduced
  std::uint64_t ticket = 0;              // guarded
  std::atomic<std::uint64_t> holder{0};  // actor with the exclusive lock; written by whoever takes and releases it
  std::uint32_t depth = 0;               // how often it holds it (recursive mutexes); the holder's
  std::uint32_t readers = 0;             // guarded, as is the rest
  std::uint32_t waiting = 0;             // conditions: who waits, and how many of them have been signalled
  std::uint32_t signalled = 0;
  std::uint64_t capacity = 0;  // semaphores, barriers: as they were made
  // Others than its holder may rightly release it, or it was not seen to be made: another process, the kernel.
  bool from_outside = false;
  bool told = false;          // what is wrong with its hold has been said
  LockEntry* next = nullptr;  // of those in use, the latest first
};

// What an object of the C library is recorded as. Null: nothing is recorded here and now (off, the runtime's own, no
// actor, or the table is full, which is counted as a loss).
LockEntry* recorded_lock(const void* address) noexcept;

// A new object begins at the address; kind none: introduced at its first use.
void note_begin(const void* address, trace::ObjectKind kind, std::uint64_t capacity, bool from_outside) noexcept;

// The id, introduced with an Object event at first use.
std::uint64_t identify(LockEntry& entry, trace::ObjectKind kind) noexcept;
// The same for a Block; 0 if the wait may end from outside.
std::uint64_t id_for_wait(LockEntry& entry, trace::ObjectKind kind) noexcept;

bool is_held_by_caller(const LockEntry& entry) noexcept;

// The lock was acquired, or is about to be released: one event with the next ticket. Inner acquisitions of a recursive
// mutex are none. A release that is not the caller's to make is told (Panic); if nobody holds the lock it is not
// written.
void note_acquired(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode, bool tried) noexcept;
void note_release(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode) noexcept;
void note_from_outside(LockEntry& entry) noexcept;
void note_busy(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode) noexcept;
// The lock is destroyed, or about to be: told if it is locked.
void tell_if_locked(LockEntry& entry) noexcept;
void note_end(LockEntry& entry) noexcept;
// The calling thread ends: told for each lock that it holds.
void tell_locks_held() noexcept;

// In the child of a fork: whoever was writing down an operation is not there any more.
void forget_lock_owners() noexcept;

// Semaphores and barriers.
void note_permit_taken(LockEntry& entry, trace::ObjectKind kind) noexcept;
void note_permit_given(LockEntry& entry, trace::ObjectKind kind) noexcept;

}  // namespace gordian::rt::intercept
