// SPDX-License-Identifier: Apache-2.0
// <threads.h>: in the GNU C library its types are the pthread types under other names, and its functions call the
// pthread functions where nobody can stand in front of them. Here they go through ours (ISO C11, 7.26).
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <new>

#include "runtime/intercept/next.h"

extern "C" {
void* __libc_malloc(std::size_t bytes);
void __libc_free(void* block);
}

namespace gordian::rt::intercept {

namespace {

static_assert(sizeof(thrd_t) == sizeof(pthread_t) && sizeof(mtx_t) <= sizeof(pthread_mutex_t) &&
              sizeof(cnd_t) <= sizeof(pthread_cond_t));

int c11_status(int error) noexcept {
  switch (error) {
    case 0:
      return thrd_success;
    case ENOMEM:
    case EAGAIN:
      return thrd_nomem;
    case ETIMEDOUT:
      return thrd_timedout;
    case EBUSY:
      return thrd_busy;
    default:
      return thrd_error;
  }
}

pthread_mutex_t* mutex_of(mtx_t* mutex) noexcept { return reinterpret_cast<pthread_mutex_t*>(mutex); }
pthread_cond_t* condition_of(cnd_t* condition) noexcept { return reinterpret_cast<pthread_cond_t*>(condition); }

struct Start {
  thrd_start_t body = nullptr;
  void* argument = nullptr;
};

void* run(void* argument) {
  const Start start = *static_cast<Start*>(argument);
  __libc_free(argument);
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(start.body(start.argument)));
}

}  // namespace

}  // namespace gordian::rt::intercept

using namespace gordian::rt::intercept;

GORDIAN_REPLACES int thrd_create(thrd_t* thread, thrd_start_t body, void* argument) {
  void* const memory = __libc_malloc(sizeof(Start));
  if (memory == nullptr) {
    return thrd_nomem;
  }
  const int error = pthread_create(thread, nullptr, run, new (memory) Start{body, argument});
  if (error != 0) {
    __libc_free(memory);
  }
  return c11_status(error);
}

GORDIAN_REPLACES int thrd_join(thrd_t thread, int* result) {
  void* returned = nullptr;
  const int error = pthread_join(thread, &returned);
  if (error == 0 && result != nullptr) {
    *result = static_cast<int>(reinterpret_cast<std::intptr_t>(returned));
  }
  return c11_status(error);
}

GORDIAN_REPLACES int thrd_detach(thrd_t thread) { return c11_status(pthread_detach(thread)); }

GORDIAN_REPLACES int mtx_lock(mtx_t* mutex) { return c11_status(pthread_mutex_lock(mutex_of(mutex))); }
GORDIAN_REPLACES int mtx_trylock(mtx_t* mutex) { return c11_status(pthread_mutex_trylock(mutex_of(mutex))); }
GORDIAN_REPLACES int mtx_timedlock(mtx_t* __restrict mutex, const timespec* __restrict deadline) {
  return c11_status(pthread_mutex_timedlock(mutex_of(mutex), deadline));
}
GORDIAN_REPLACES int mtx_unlock(mtx_t* mutex) { return c11_status(pthread_mutex_unlock(mutex_of(mutex))); }
GORDIAN_REPLACES void mtx_destroy(mtx_t* mutex) { pthread_mutex_destroy(mutex_of(mutex)); }

GORDIAN_REPLACES int cnd_signal(cnd_t* condition) { return c11_status(pthread_cond_signal(condition_of(condition))); }
GORDIAN_REPLACES int cnd_broadcast(cnd_t* condition) {
  return c11_status(pthread_cond_broadcast(condition_of(condition)));
}
GORDIAN_REPLACES void cnd_destroy(cnd_t* condition) { pthread_cond_destroy(condition_of(condition)); }
GORDIAN_REPLACES int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return c11_status(pthread_cond_wait(condition_of(condition), mutex_of(mutex)));
}
GORDIAN_REPLACES int cnd_timedwait(cnd_t* __restrict condition, mtx_t* __restrict mutex,
                                   const timespec* __restrict deadline) {
  return c11_status(pthread_cond_timedwait(condition_of(condition), mutex_of(mutex), deadline));
}

GORDIAN_REPLACES void call_once(once_flag* flag, void (*body)()) {
  pthread_once(reinterpret_cast<pthread_once_t*>(flag), body);
}
