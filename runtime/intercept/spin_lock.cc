// SPDX-License-Identifier: Apache-2.0
// pthread spin locks: mutexes that burn their wait. The lock is tried first, as with mutexes.
#include <pthread.h>

#include <cerrno>

#include "runtime/intercept/lock_table.h"
#include "runtime/intercept/next.h"
#include "runtime/intercept/waiting.h"

namespace gordian::rt::intercept {

namespace {

using Lock = pthread_spinlock_t;
constexpr auto kKind = trace::ObjectKind::mutex;
constexpr auto kExclusive = trace::LockMode::exclusive;

constinit Next<int(Lock*)> g_lock{"pthread_spin_lock"};
constinit Next<int(Lock*)> g_try_lock{"pthread_spin_trylock"};
constinit Next<int(Lock*)> g_unlock{"pthread_spin_unlock"};
constinit Next<int(Lock*, int)> g_init{"pthread_spin_init"};
constinit Next<int(Lock*)> g_destroy{"pthread_spin_destroy"};

LockEntry* entry_of(Lock* lock) noexcept { return recorded_lock(const_cast<const int*>(lock)); }

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  int result = g_try_lock(lock);
  LockEntry* entry = entry_of(lock);
  if (result == EBUSY) {
    const Waiting waiting(gordian::trace::WaitReason::mutex_lock, entry == nullptr ? 0 : id_for_wait(*entry, kKind),
                          const_cast<const int*>(lock));
    result = g_lock(lock);
  }
  if (entry != nullptr && result == 0) {
    note_acquired(*entry, kKind, kExclusive, false);
  }
  return result;
}

GORDIAN_REPLACES int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  const int result = g_try_lock(lock);
  if (LockEntry* entry = entry_of(lock)) {
    result == 0 ? note_acquired(*entry, kKind, kExclusive, true) : note_busy(*entry, kKind, kExclusive);
  }
  return result;
}

GORDIAN_REPLACES int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  if (LockEntry* entry = entry_of(lock)) {
    note_release(*entry, kKind, kExclusive);
  }
  return g_unlock(lock);
}

GORDIAN_REPLACES int pthread_spin_init(pthread_spinlock_t* lock, int shared) noexcept {
  const int result = g_init(lock, shared);
  if (result == 0) {
    note_begin(const_cast<const int*>(lock), gordian::trace::ObjectKind::none, 0, shared == PTHREAD_PROCESS_SHARED);
  }
  return result;
}

GORDIAN_REPLACES int pthread_spin_destroy(pthread_spinlock_t* lock) noexcept {
  if (LockEntry* entry = entry_of(lock)) {
    tell_if_locked(*entry);
    note_end(*entry);
  }
  return g_destroy(lock);
}
