// SPDX-License-Identifier: Apache-2.0
// pthread condition variables. A wait is an unlock and a lock; signals order nothing that the mutex does not, so a
// CondWait names no signal (C++23, [thread.condition]: no synchronizes-with). Who waits is counted, so that a signal
// can say how many it will wake: one that wakes nobody explains a lost wake-up. Which waiter the C library wakes cannot
// be known; whoever returns first takes the first signal on itself.
#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "runtime/intercept/next.h"
#include "runtime/intercept/released.h"
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
  explicit Waiter(Cond* condition) noexcept : entry_(recorded_lock(condition)) {
    if (entry_ != nullptr) {
      id_ = id_for_wait(*entry_, kKind);
      const std::lock_guard guard(entry_->guard);
      ++entry_->waiting;
    }
  }
  ~Waiter() {
    if (entry_ == nullptr) {
      return;
    }
    const std::lock_guard guard(entry_->guard);
    if (entry_->waiting == 0) {
      return;  // destroyed since: whoever was signalled may still be on its way out
    }
    --entry_->waiting;
    const bool ends_signal = entry_->signalled > (timed_out_ ? entry_->waiting : 0);
    if (ends_signal) {
      --entry_->signalled;
      record::emit(trace::CondWait{.object = entry_->id, .ticket = ++entry_->ticket});
    }
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  int returned(int result) noexcept {
    timed_out_ = result == ETIMEDOUT;
    return result;
  }

 private:
  LockEntry* entry_;
  std::uint64_t id_ = 0;
  bool timed_out_ = false;
};

void note_signal(Cond* condition, bool all) noexcept {
  LockEntry* entry = recorded_lock(condition);
  if (entry == nullptr) {
    return;
  }
  const std::uint64_t id = identify(*entry, kKind);
  const std::lock_guard guard(entry->guard);
  const std::uint32_t asleep = entry->waiting - std::min(entry->waiting, entry->signalled);
  const std::uint32_t woken = all ? asleep : std::min<std::uint32_t>(asleep, 1);
  entry->signalled += woken;
  record::emit(trace::CondSignal{.object = id, .ticket = ++entry->ticket, .all = all ? 1u : 0u, .woken = woken});
}

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
  note_signal(condition, false);
  return g_signal(condition);
}
GORDIAN_REPLACES int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  note_signal(condition, true);
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
