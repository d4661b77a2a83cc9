// SPDX-License-Identifier: Apache-2.0
// pthread mutexes. The lock is tried first: only a wait that really happens is written as one.
#include <pthread.h>

#include <cerrno>

#include "runtime/intercept/lock_table.h"
#include "runtime/intercept/next.h"
#include "runtime/intercept/released.h"
#include "runtime/intercept/waiting.h"

namespace gordian::rt::intercept {

namespace {

using Mutex = pthread_mutex_t;
constexpr auto kKind = trace::ObjectKind::mutex;
constexpr auto kExclusive = trace::LockMode::exclusive;

constinit Next<int(Mutex*)> g_lock{"pthread_mutex_lock"};
constinit Next<int(Mutex*)> g_try_lock{"pthread_mutex_trylock"};
constinit Next<int(Mutex*, const timespec*)> g_timed_lock{"pthread_mutex_timedlock"};
constinit Next<int(Mutex*, clockid_t, const timespec*)> g_clock_lock{"pthread_mutex_clocklock"};
constinit Next<int(Mutex*)> g_unlock{"pthread_mutex_unlock"};
constinit Next<int(Mutex*, const pthread_mutexattr_t*)> g_init{"pthread_mutex_init"};
constinit Next<int(Mutex*)> g_destroy{"pthread_mutex_destroy"};

// EOWNERDEAD: of a robust mutex whose owner died; the caller holds it.
bool is_held(int result) noexcept { return result == 0 || result == EOWNERDEAD; }

// The word that the C library's static initialisers write, so it cannot change: the type in the lowest two bits.
constexpr int kTypeBits = 3;
constexpr int kRobustBit = 16;
constexpr int kSharedBit = 128;
int type_of(const Mutex* mutex) noexcept { return mutex->__data.__kind & kTypeBits; }
bool is_recursive(const Mutex* mutex) noexcept { return type_of(mutex) == PTHREAD_MUTEX_RECURSIVE; }

// The kernel releases a robust one whose owner died, another process a shared one: waiting for them is never hopeless.
bool ends_from_outside(const Mutex* mutex) noexcept { return (mutex->__data.__kind & (kRobustBit | kSharedBit)) != 0; }
std::uint64_t wait_id(LockEntry* entry, const Mutex* mutex) noexcept {
  return entry == nullptr || ends_from_outside(mutex) ? 0 : id_for_wait(*entry, kKind);
}

// Such a one refuses the unlock of who does not hold it, and says so to the program.
bool checks_holder(const Mutex* mutex) noexcept {
  return is_recursive(mutex) || type_of(mutex) == PTHREAD_MUTEX_ERRORCHECK || (mutex->__data.__kind & kRobustBit) != 0;
}

void note_taken(LockEntry& entry, const Mutex* mutex, bool tried) noexcept {
  if (is_recursive(mutex) && is_held_by_caller(entry)) {
    ++entry.depth;
  } else {
    note_acquired(entry, kKind, kExclusive, tried);
    if (ends_from_outside(mutex)) {
      note_from_outside(entry);
    }
  }
}

int lock(Mutex* mutex) noexcept {
  int result = g_try_lock(mutex);
  LockEntry* entry = recorded_lock(mutex);
  if (result == EBUSY) {
    const Waiting waiting(trace::WaitReason::mutex_lock, wait_id(entry, mutex), mutex);
    result = g_lock(mutex);
  }
  if (entry != nullptr && is_held(result)) {
    note_taken(*entry, mutex, false);
  }
  return result;
}

// After an attempt that gives up by itself.
int tried(Mutex* mutex, int result) noexcept {
  if (LockEntry* entry = recorded_lock(mutex)) {
    is_held(result) ? note_taken(*entry, mutex, true) : note_busy(*entry, kKind, kExclusive);
  }
  return result;
}

int unlock(Mutex* mutex) noexcept {
  if (LockEntry* entry = recorded_lock(mutex)) {
    const bool held = is_held_by_caller(*entry);
    if (held && entry->depth > 1) {
      --entry->depth;
    } else if (held || !checks_holder(mutex)) {
      note_release(*entry, kKind, kExclusive);
    }
  }
  return g_unlock(mutex);
}

}  // namespace

// All levels at once.
Released::Released(pthread_mutex_t* mutex) noexcept : entry_(recorded_lock(mutex)) {
  if (entry_ != nullptr && !is_held_by_caller(*entry_)) {
    entry_ = nullptr;  // the C library refuses, or does not care
  }
  if (entry_ != nullptr) {
    depth_ = entry_->depth;
    note_release(*entry_, kKind, kExclusive);
  }
}

Released::~Released() {
  if (entry_ != nullptr) {
    note_acquired(*entry_, kKind, kExclusive, false);
    entry_->depth = depth_;
  }
}

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept { return lock(mutex); }
GORDIAN_REPLACES int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept { return tried(mutex, g_try_lock(mutex)); }
GORDIAN_REPLACES int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* deadline) noexcept {
  return tried(mutex, g_timed_lock(mutex, deadline));
}
GORDIAN_REPLACES int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                                             const timespec* deadline) noexcept {
  return tried(mutex, g_clock_lock(mutex, clock, deadline));
}
GORDIAN_REPLACES int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept { return unlock(mutex); }

GORDIAN_REPLACES int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  const int result = g_init(mutex, attributes);
  if (result == 0) {
    note_begin(mutex, gordian::trace::ObjectKind::none, 0, false);
  }
  return result;
}

// A locked one is refused, and lives on.
GORDIAN_REPLACES int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  LockEntry* entry = recorded_lock(mutex);
  if (entry != nullptr) {
    tell_if_locked(*entry);
  }
  const int result = g_destroy(mutex);
  if (entry != nullptr && result == 0) {
    note_end(*entry);
  }
  return result;
}
