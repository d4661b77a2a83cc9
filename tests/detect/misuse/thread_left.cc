// SPDX-License-Identifier: Apache-2.0
// A thread that has ended and that nobody joins keeps its stack. Joined, by a static object's destructor as well, or
// detached in any of three ways, it does not. While others still run when main returns, they might have joined it.
// RUN: %gordian_cxx -O1 -DOTHERS_RUN %s -o %t.others_run
// RUN: %gordian_run 0 %t.others_run | FileCheck %s --check-prefix=CARED_FOR
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DCARED_FOR %s -o %t.cared_for
// RUN: %gordian_run 0 %t.cared_for | FileCheck %s --check-prefix=CARED_FOR
// RUN: %gordian trace dump %t.cared_for.gtrace | FileCheck %s --check-prefix=DUMP
// DUMP-COUNT-3: thread-detach
// CHECK: misuse M1 (thread-left, observed): a thread is neither joined nor detached
// CARED_FOR: no findings
#define STEP_PLAIN
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "support/step.h"

pid_t last_started = 0;

STEP_INVISIBLE void starts() { __atomic_store_n(&last_started, gettid(), __ATOMIC_RELAXED); }
// Until the thread that started last is gone for the system, too.
STEP_INVISIBLE void wait_until_gone() {
  while (__atomic_load_n(&last_started, __ATOMIC_RELAXED) == 0) {
    step::give_way();
  }
  while (tgkill(getpid(), __atomic_load_n(&last_started, __ATOMIC_RELAXED), 0) == 0) {
    step::give_way();
  }
  __atomic_store_n(&last_started, 0, __ATOMIC_RELAXED);
}

void* ends(void*) {
  starts();
  return nullptr;
}
void* detaches_itself(void*) {
  starts();
  pthread_detach(pthread_self());
  return nullptr;
}
void* for_ever(void*) {
  for (;;) {
    pause();
  }
}

int main() {
  pthread_t thread;
#ifdef CARED_FOR
  pthread_create(&thread, nullptr, ends, nullptr);
  wait_until_gone();
  pthread_join(thread, nullptr);
  pthread_create(&thread, nullptr, detaches_itself, nullptr);
  wait_until_gone();
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_create(&thread, &attributes, ends, nullptr);
  wait_until_gone();
  std::thread(ends, nullptr).detach();
  wait_until_gone();
  static std::jthread joined_at_exit(ends, nullptr);
  wait_until_gone();
#else
#ifdef OTHERS_RUN
  pthread_create(&thread, nullptr, for_ever, nullptr);
#endif
  pthread_create(&thread, nullptr, ends, nullptr);  // CHECK: main creates it at {{.*}}.cc:[[#@LINE]]
  wait_until_gone();
#endif
}
// CHECK: hint: join it
