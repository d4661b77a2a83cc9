// SPDX-License-Identifier: Apache-2.0
// pthread read-write locks (std::shared_mutex). The unlock does not say which kind it ends: a lock that a writer holds
// has a holder, one that readers hold has none.
#include <pthread.h>

#include <cerrno>

#include "runtime/intercept/lock_table.h"
#include "runtime/intercept/next.h"
#include "runtime/intercept/waiting.h"

namespace gordian::rt::intercept {

namespace {

using RwLock = pthread_rwlock_t;
constexpr auto kKind = trace::ObjectKind::rwmutex;

constinit Next<int(RwLock*)> g_read_lock{"pthread_rwlock_rdlock"};
constinit Next<int(RwLock*)> g_write_lock{"pthread_rwlock_wrlock"};
constinit Next<int(RwLock*)> g_try_read_lock{"pthread_rwlock_tryrdlock"};
constinit Next<int(RwLock*)> g_try_write_lock{"pthread_rwlock_trywrlock"};
constinit Next<int(RwLock*, const timespec*)> g_timed_read_lock{"pthread_rwlock_timedrdlock"};
constinit Next<int(RwLock*, const timespec*)> g_timed_write_lock{"pthread_rwlock_timedwrlock"};
constinit Next<int(RwLock*, clockid_t, const timespec*)> g_clock_read_lock{"pthread_rwlock_clockrdlock"};
constinit Next<int(RwLock*, clockid_t, const timespec*)> g_clock_write_lock{"pthread_rwlock_clockwrlock"};
constinit Next<int(RwLock*)> g_unlock{"pthread_rwlock_unlock"};
constinit Next<int(RwLock*, const pthread_rwlockattr_t*)> g_init{"pthread_rwlock_init"};
constinit Next<int(RwLock*)> g_destroy{"pthread_rwlock_destroy"};

int lock(RwLock* rw, Next<int(RwLock*)>& attempt, Next<int(RwLock*)>& blocking_lock, trace::LockMode mode) noexcept {
  int result = attempt(rw);
  LockEntry* entry = recorded_lock(rw);
  if (result == EBUSY) {
    const bool writes = mode == trace::LockMode::exclusive;
    const Waiting waiting(writes ? trace::WaitReason::rwmutex_lock : trace::WaitReason::rwmutex_rlock,
                          entry == nullptr ? 0 : id_for_wait(*entry, kKind), rw);
    result = blocking_lock(rw);
  }
  if (entry != nullptr && result == 0) {
    note_acquired(*entry, kKind, mode, false);
  }
  return result;
}

bool is_shared(const pthread_rwlockattr_t* attributes) noexcept {
  int shared = PTHREAD_PROCESS_PRIVATE;
  return attributes != nullptr && pthread_rwlockattr_getpshared(attributes, &shared) == 0 &&
         shared == PTHREAD_PROCESS_SHARED;
}

int tried(RwLock* rw, int result, trace::LockMode mode) noexcept {
  if (LockEntry* entry = recorded_lock(rw)) {
    result == 0 ? note_acquired(*entry, kKind, mode, true) : note_busy(*entry, kKind, mode);
  }
  return result;
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;
using gordian::trace::LockMode;

GORDIAN_REPLACES int pthread_rwlock_rdlock(pthread_rwlock_t* rw) noexcept {
  return lock(rw, g_try_read_lock, g_read_lock, LockMode::shared);
}
GORDIAN_REPLACES int pthread_rwlock_wrlock(pthread_rwlock_t* rw) noexcept {
  return lock(rw, g_try_write_lock, g_write_lock, LockMode::exclusive);
}
GORDIAN_REPLACES int pthread_rwlock_tryrdlock(pthread_rwlock_t* rw) noexcept {
  return tried(rw, g_try_read_lock(rw), LockMode::shared);
}
GORDIAN_REPLACES int pthread_rwlock_trywrlock(pthread_rwlock_t* rw) noexcept {
  return tried(rw, g_try_write_lock(rw), LockMode::exclusive);
}
GORDIAN_REPLACES int pthread_rwlock_timedrdlock(pthread_rwlock_t* rw, const timespec* deadline) noexcept {
  return tried(rw, g_timed_read_lock(rw, deadline), LockMode::shared);
}
GORDIAN_REPLACES int pthread_rwlock_timedwrlock(pthread_rwlock_t* rw, const timespec* deadline) noexcept {
  return tried(rw, g_timed_write_lock(rw, deadline), LockMode::exclusive);
}
GORDIAN_REPLACES int pthread_rwlock_clockrdlock(pthread_rwlock_t* rw, clockid_t clock,
                                                const timespec* deadline) noexcept {
  return tried(rw, g_clock_read_lock(rw, clock, deadline), LockMode::shared);
}
GORDIAN_REPLACES int pthread_rwlock_clockwrlock(pthread_rwlock_t* rw, clockid_t clock,
                                                const timespec* deadline) noexcept {
  return tried(rw, g_clock_write_lock(rw, clock, deadline), LockMode::exclusive);
}

GORDIAN_REPLACES int pthread_rwlock_unlock(pthread_rwlock_t* rw) noexcept {
  if (LockEntry* entry = recorded_lock(rw)) {
    // relaxed: a writer's own word; a reader sees none.
    const bool writes = entry->holder.load(std::memory_order_relaxed) != 0;
    note_release(*entry, kKind, writes ? LockMode::exclusive : LockMode::shared);
  }
  return g_unlock(rw);
}

GORDIAN_REPLACES int pthread_rwlock_init(pthread_rwlock_t* rw, const pthread_rwlockattr_t* attributes) noexcept {
  const int result = g_init(rw, attributes);
  if (result == 0) {
    note_begin(rw, gordian::trace::ObjectKind::none, 0, is_shared(attributes));
  }
  return result;
}

GORDIAN_REPLACES int pthread_rwlock_destroy(pthread_rwlock_t* rw) noexcept {
  if (LockEntry* entry = recorded_lock(rw)) {
    tell_if_locked(*entry);
    note_end(*entry);
  }
  return g_destroy(rw);
}
