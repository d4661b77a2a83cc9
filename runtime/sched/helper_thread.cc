// SPDX-License-Identifier: Apache-2.0
#include "runtime/sched/helper_thread.h"

#include <pthread.h>
#include <signal.h>

#include <cerrno>
#include <cstddef>

#include "runtime/record/recorder.h"

namespace gordian::rt::sched {

bool start_helper_thread(void* (*body)(void*)) noexcept {
  constexpr std::size_t kStackBytes = 256 * 1024;
  const int saved = errno;
  const record::Internal internal;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // the program's signals are for its own threads
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_t thread{};
  const int failed = pthread_create(&thread, &attributes, body, nullptr);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = failed == 0 ? saved : failed;
  return failed == 0;
}

}  // namespace gordian::rt::sched
