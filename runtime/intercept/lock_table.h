// SPDX-License-Identifier: Apache-2.0
// The objects behind pthread locks, found by address: id, ticket, holder. An entry is never removed; a destroyed lock's
// gets a new id when the address is used again. Locks that are destroyed without a call (std::mutex) end with their
// memory: a heap block, a mapping, the stack of a thread or goroutine. On a live stack they keep their id.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/record/recorder.h"
#include "runtime/record/spin_lock.h"

namespace gordian::rt::intercept {

struct LockEntry {
  std::atomic<std::uintptr_t> address{0};
  record::SpinLock guard;     // readers of an rwlock take tickets concurrently
  std::uint64_t id = 0;       // guarded; 0 = to be introduced
  std::uint64_t ticket = 0;   // guarded
  std::uint64_t holder = 0;   // actor with the exclusive lock; written by the holder
  std::uint32_t depth = 0;    // how often it holds it (recursive mutexes); the holder's
  LockEntry* next = nullptr;  // of those in use, the latest first
};

// What a lock of the C library is recorded as. Null: nothing is recorded here and now (off, the runtime's own, no
// actor, or the table is full, which is counted as a loss).
LockEntry* recorded_lock(const void* address) noexcept;

// The id, introduced with an Object event at first use.
std::uint64_t identify(LockEntry& entry, trace::ObjectKind kind) noexcept;

// The lock was acquired, or is about to be released: one event with the next ticket, unless it is an inner one of a
// recursive mutex.
void note_acquired(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode, bool tried) noexcept;
void note_release(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode) noexcept;
void note_busy(LockEntry& entry, trace::ObjectKind kind, trace::LockMode mode) noexcept;
void note_end(LockEntry& entry) noexcept;
// In the child of a fork: whoever was writing down an operation is not there any more.
void forget_lock_owners() noexcept;

// Around a call that blocks on the lock: Block before, Ready and Switch after.
class Blocking {
 public:
  Blocking(LockEntry& entry, trace::ObjectKind kind, trace::WaitReason reason) noexcept;
  ~Blocking();
  Blocking(const Blocking&) = delete;
  Blocking& operator=(const Blocking&) = delete;
};

}  // namespace gordian::rt::intercept
