// SPDX-License-Identifier: Apache-2.0
// pthread mutexes and condition variables, so that programs with std::mutex get no false alarms. A wait on a condition
// is an unlock and a lock; signals order nothing that the mutex does not. The lock is tried first: only a wait that
// really happens is written as one.
#include <pthread.h>

#include <cerrno>

#include "runtime/intercept/lock_table.h"
#include "runtime/intercept/next.h"

namespace gordian::rt::intercept {

namespace {

using Mutex = pthread_mutex_t;
using Cond = pthread_cond_t;
constexpr auto kKind = trace::ObjectKind::mutex;
constexpr auto kExclusive = trace::LockMode::exclusive;

constinit Next<int(Mutex*)> g_lock{"pthread_mutex_lock"};
constinit Next<int(Mutex*)> g_try_lock{"pthread_mutex_trylock"};
constinit Next<int(Mutex*, const timespec*)> g_timed_lock{"pthread_mutex_timedlock"};
constinit Next<int(Mutex*, clockid_t, const timespec*)> g_clock_lock{"pthread_mutex_clocklock"};
constinit Next<int(Mutex*)> g_unlock{"pthread_mutex_unlock"};
constinit Next<int(Mutex*)> g_destroy{"pthread_mutex_destroy"};
constinit Next<int(Cond*, Mutex*)> g_wait{"pthread_cond_wait"};
constinit Next<int(Cond*, Mutex*, const timespec*)> g_timed_wait{"pthread_cond_timedwait"};
constinit Next<int(Cond*, Mutex*, clockid_t, const timespec*)> g_clock_wait{"pthread_cond_clockwait"};

// EOWNERDEAD: of a robust mutex whose owner died; the caller holds it.
bool is_held(int result) noexcept { return result == 0 || result == EOWNERDEAD; }

int lock(Mutex* mutex) noexcept {
  LockEntry* entry = recorded_lock(mutex);
  if (entry == nullptr) {
    return g_lock(mutex);
  }
  int result = g_try_lock(mutex);
  if (result == EBUSY) {
    const Blocking blocking(*entry, kKind, trace::WaitReason::mutex_lock);
    result = g_lock(mutex);
  }
  if (is_held(result)) {
    note_acquired(*entry, kKind, kExclusive, false);
  }
  return result;
}

// After an attempt that gives up by itself.
int tried(Mutex* mutex, int result) noexcept {
  if (LockEntry* entry = recorded_lock(mutex)) {
    is_held(result) ? note_acquired(*entry, kKind, kExclusive, true) : note_busy(*entry, kKind, kExclusive);
  }
  return result;
}

int unlock(Mutex* mutex) noexcept {
  if (LockEntry* entry = recorded_lock(mutex)) {
    note_release(*entry, kKind, kExclusive);
  }
  return g_unlock(mutex);
}

// The mutex is given back for the wait and is held again afterwards, also if the thread is cancelled in it.
class Released {
 public:
  explicit Released(Mutex* mutex) noexcept : entry_(recorded_lock(mutex)) {
    if (entry_ != nullptr) {
      depth_ = entry_->depth;
      entry_->depth = 1;  // all levels at once
      note_release(*entry_, kKind, kExclusive);
    }
  }
  ~Released() {
    if (entry_ != nullptr) {
      note_acquired(*entry_, kKind, kExclusive, false);
      entry_->depth = depth_;
    }
  }
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;

 private:
  LockEntry* entry_;
  std::uint32_t depth_ = 0;
};

}  // namespace

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

GORDIAN_REPLACES int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  if (LockEntry* entry = recorded_lock(mutex)) {
    note_end(*entry);
  }
  return g_destroy(mutex);
}

GORDIAN_REPLACES int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  const Released released(mutex);
  return g_wait(condition, mutex);
}
GORDIAN_REPLACES int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                            const timespec* deadline) {
  const Released released(mutex);
  return g_timed_wait(condition, mutex, deadline);
}
GORDIAN_REPLACES int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                            const timespec* deadline) {
  const Released released(mutex);
  return g_clock_wait(condition, mutex, clock, deadline);
}
