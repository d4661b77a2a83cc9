// SPDX-License-Identifier: Apache-2.0
// pthread condition variables. A wait is an unlock and a lock; signals order nothing that the mutex does not, so a
// CondWait names no signal (C++23, [thread.condition]: no synchronizes-with). Who is woken: sleepers.h.
#include <pthread.h>

#include <cerrno>
#include <limits>

#include "runtime/intercept/next.h"
#include "runtime/intercept/released.h"
#include "runtime/intercept/sleepers.h"
#include "runtime/intercept/waiting.h"

namespace gordian::rt::intercept {

namespace {

using Cond = pthread_cond_t;
using Mutex = pthread_mutex_t;
constexpr auto kKind = trace::ObjectKind::cond;

constinit Next<int(Cond*, const pthread_condattr_t*)> g_init{"pthread_cond_init"};
constinit Next<int(Cond*)> g_destroy{"pthread_cond_destroy"};
constinit Next<int(Cond*)> g_signal{"pthread_cond_signal"};
constinit Next<int(Cond*)> g_broadcast{"pthread_cond_broadcast"};
constinit Next<int(Cond*, Mutex*)> g_wait{"pthread_cond_wait"};
constinit Next<int(Cond*, Mutex*, const timespec*)> g_timed_wait{"pthread_cond_timedwait"};
constinit Next<int(Cond*, Mutex*, clockid_t, const timespec*)> g_clock_wait{"pthread_cond_clockwait"};

// One who waits, from before the mutex is given back to after it is held again.
class Waiter {
 public:
  explicit Waiter(Cond* condition) noexcept : sleeper_(condition, kKind) {}

  [[nodiscard]] std::uint64_t id() const noexcept { return sleeper_.id(); }
  int returned(int result) noexcept {
    if (result == ETIMEDOUT) {
      sleeper_.by_itself();
    }
    return result;
  }

 private:
  Sleeper sleeper_;
};

bool is_shared(const pthread_condattr_t* attributes) noexcept {
  int shared = PTHREAD_PROCESS_PRIVATE;
  return attributes != nullptr && pthread_condattr_getpshared(attributes, &shared) == 0 &&
         shared == PTHREAD_PROCESS_SHARED;
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) noexcept {
  note_begin(condition, gordian::trace::ObjectKind::none, 0, is_shared(attributes));
  return g_init(condition, attributes);
}
GORDIAN_REPLACES int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  if (LockEntry* entry = recorded_lock(condition)) {
    note_end(*entry);
  }
  return g_destroy(condition);
}

GORDIAN_REPLACES int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  note_wake(condition, kKind, 1, Unheard::told);
  return g_signal(condition);
}
GORDIAN_REPLACES int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  note_wake(condition, kKind, std::numeric_limits<std::uint32_t>::max(), Unheard::told);
  return g_broadcast(condition);
}

GORDIAN_REPLACES int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  Waiter waiter(condition);
  const Released released(mutex);
  const Waiting waiting(gordian::trace::WaitReason::cond_wait, waiter.id(), condition);
  return waiter.returned(g_wait(condition, mutex));
}
// A wait with a limit needs nobody: it is not written as one.
GORDIAN_REPLACES int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                            const timespec* deadline) {
  Waiter waiter(condition);
  const Released released(mutex);
  return waiter.returned(g_timed_wait(condition, mutex, deadline));
}
GORDIAN_REPLACES int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                            const timespec* deadline) {
  Waiter waiter(condition);
  const Released released(mutex);
  return waiter.returned(g_clock_wait(condition, mutex, clock, deadline));
}
