// SPDX-License-Identifier: Apache-2.0
// POSIX semaphores (POSIX.1-2017, 4.12 "Memory Synchronization"). A wait is ordered after every post that came before
// it: with counts alone nobody can tell which post let which waiter go, so some pairs are ordered that need not be,
// never the other way round. A post is written before it, a wait after it, so the permits are never negative.
#include <pthread.h>
#include <semaphore.h>

#include <cerrno>

#include "runtime/intercept/lock_table.h"
#include "runtime/intercept/next.h"
#include "runtime/intercept/waiting.h"
#include "runtime/record/ring.h"

namespace gordian::rt::intercept {

namespace {

constexpr auto kKind = trace::ObjectKind::posix_semaphore;

constinit Next<int(sem_t*, int, unsigned)> g_init{"sem_init"};
constinit Next<int(sem_t*)> g_destroy{"sem_destroy"};
constinit Next<int(sem_t*)> g_post{"sem_post"};
constinit Next<int(sem_t*)> g_wait{"sem_wait"};
constinit Next<int(sem_t*)> g_try_wait{"sem_trywait"};
constinit Next<int(sem_t*, const timespec*)> g_timed_wait{"sem_timedwait"};
constinit Next<int(sem_t*, clockid_t, const timespec*)> g_clock_wait{"sem_clockwait"};

// A signal handler may post, also while its thread is in here: it would wait for a lock that it holds itself. What it
// does then is lost, and counted.
__attribute__((tls_model("initial-exec"))) constinit __thread bool t_noting = false;

template <class What>
void note(const sem_t* semaphore, What what) noexcept {
  LockEntry* entry = recorded_lock(semaphore);
  if (entry == nullptr) {
    return;
  }
  if (t_noting) {
    record::g_ring.lose_sync(1);
    return;
  }
  t_noting = true;
  if (!record::is_introduced(entry->id)) {  // one that was not seen to be made (sem_open) is shared with others
    note_begin(semaphore, kKind, 0, true);
  }
  what(*entry);
  t_noting = false;
}

std::uint64_t wait_id(const sem_t* semaphore) noexcept {
  std::uint64_t id = 0;
  note(semaphore, [&](LockEntry& entry) { id = id_for_wait(entry, kKind); });
  return id;
}

int waited(const sem_t* semaphore, int result) noexcept {
  if (result == 0) {
    note(semaphore, [](LockEntry& entry) { note_permit_taken(entry, kKind); });
  }
  return result;
}

// The permit that is there, without waiting for it; keeps errno.
bool takes_at_once(sem_t* semaphore) noexcept {
  const int saved = errno;
  const bool taken = g_try_wait(semaphore) == 0;
  errno = saved;
  return taken;
}

int wait(sem_t* semaphore) {
  pthread_testcancel();
  if (takes_at_once(semaphore)) {
    return waited(semaphore, 0);
  }
  int result = 0;
  {
    const Waiting waiting(trace::WaitReason::semaphore, wait_id(semaphore), semaphore);
    result = g_wait(semaphore);
  }
  return waited(semaphore, result);
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int sem_init(sem_t* semaphore, int shared, unsigned value) noexcept {
  const int result = g_init(semaphore, shared, value);
  if (result == 0) {
    note_begin(semaphore, kKind, value, shared != 0);
  }
  return result;
}
GORDIAN_REPLACES int sem_destroy(sem_t* semaphore) noexcept {
  if (LockEntry* entry = recorded_lock(semaphore)) {
    note_end(*entry);
  }
  return g_destroy(semaphore);
}

GORDIAN_REPLACES int sem_post(sem_t* semaphore) noexcept {
  note(semaphore, [](LockEntry& entry) { note_permit_given(entry, kKind); });
  return g_post(semaphore);
}
GORDIAN_REPLACES int sem_wait(sem_t* semaphore) { return wait(semaphore); }
GORDIAN_REPLACES int sem_trywait(sem_t* semaphore) noexcept { return waited(semaphore, g_try_wait(semaphore)); }
GORDIAN_REPLACES int sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  return waited(semaphore, g_timed_wait(semaphore, deadline));
}
GORDIAN_REPLACES int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* deadline) {
  return waited(semaphore, g_clock_wait(semaphore, clock, deadline));
}
