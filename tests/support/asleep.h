// SPDX-License-Identifier: Apache-2.0
// Waits until a thread of this process sleeps in the kernel: once it has announced that it is about to lock, it waits
// for the lock. Looks at /proc, so neither the recorder nor the thread knows.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "support/step.h"

namespace step {

class Sleeper {
 public:
  // The thread itself, before it locks.
  STEP_INVISIBLE void announce() {
    __atomic_store_n(&thread_, static_cast<int>(syscall(SYS_gettid)), __ATOMIC_RELEASE);
  }

  // Anybody else.
  STEP_INVISIBLE void await() {
    while (__atomic_load_n(&thread_, __ATOMIC_ACQUIRE) == 0 || !is_asleep()) {
      sched_yield();
    }
  }

 private:
  STEP_INVISIBLE bool is_asleep() const {
    char text[512] = {};
    std::snprintf(text, sizeof(text), "/proc/self/task/%d/stat", thread_);
    const int file = open(text, O_RDONLY);
    const bool was_read = file >= 0 && read(file, text, sizeof(text) - 1) > 0;
    close(file);
    const char* name_end = was_read ? std::strrchr(text, ')') : nullptr;  // "4711 (name) S ..."
    return name_end != nullptr && name_end[1] == ' ' && name_end[2] == 'S';
  }

  int thread_ = 0;
};

}  // namespace step
