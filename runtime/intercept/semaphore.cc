// SPDX-License-Identifier: Apache-2.0
// POSIX semaphores and barriers (POSIX.1-2017, 4.12 "Memory Synchronization"). A wait is ordered after every post that
// came before it, a thread that leaves a barrier after all that arrived: with counts alone nobody can tell which post
// let which waiter go, so some pairs are ordered that need not be, never the other way round.
#include <pthread.h>
#include <semaphore.h>

#include "runtime/intercept/next.h"
#include "runtime/intercept/order_note.h"

namespace gordian::rt::intercept {

namespace {

constinit Next<int(sem_t*)> g_post{"sem_post"};
constinit Next<int(sem_t*)> g_wait{"sem_wait"};
constinit Next<int(sem_t*)> g_try_wait{"sem_trywait"};
constinit Next<int(sem_t*, const timespec*)> g_timed_wait{"sem_timedwait"};
constinit Next<int(sem_t*, clockid_t, const timespec*)> g_clock_wait{"sem_clockwait"};
constinit Next<int(pthread_barrier_t*)> g_barrier_wait{"pthread_barrier_wait"};

int waited(const sem_t* semaphore, int result) noexcept {
  if (result == 0) {
    note_acquire(semaphore);
  }
  return result;
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int sem_post(sem_t* semaphore) noexcept {
  note_added_release(semaphore);
  return g_post(semaphore);
}
GORDIAN_REPLACES int sem_wait(sem_t* semaphore) { return waited(semaphore, g_wait(semaphore)); }
GORDIAN_REPLACES int sem_trywait(sem_t* semaphore) noexcept { return waited(semaphore, g_try_wait(semaphore)); }
GORDIAN_REPLACES int sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  return waited(semaphore, g_timed_wait(semaphore, deadline));
}
GORDIAN_REPLACES int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* deadline) {
  return waited(semaphore, g_clock_wait(semaphore, clock, deadline));
}

GORDIAN_REPLACES int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  note_added_release(barrier);
  const int result = g_barrier_wait(barrier);
  note_acquire(barrier);
  return result;
}
