// SPDX-License-Identifier: Apache-2.0
// Three threads join each other in a ring: the C library sees through a ring of two only. Main comes too late to join.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_hang %t | FileCheck %s
// CHECK: deadlock D1 (all-asleep, observed): 3 threads wait in a circle for ever
#define STEP_PLAIN
#include <pthread.h>

#include "support/step.h"

pthread_t threads[2];
pthread_t main_thread;
step::Meeting all_are_here(3);

void* wait_for(void* other) {
  all_are_here.arrive();
  pthread_join(*static_cast<pthread_t*>(other), nullptr);  // CHECK-DAG: waits for the end of {{.*}}.cc:[[#@LINE]]
  return nullptr;
}

int main() {
  main_thread = pthread_self();
  pthread_create(&threads[0], nullptr, wait_for, &threads[1]);
  pthread_create(&threads[1], nullptr, wait_for, &main_thread);
  all_are_here.arrive();
  pthread_join(threads[0], nullptr);  // CHECK-DAG: main waits for the end of thread 2 at {{.*}}.cc:[[#@LINE]]
}
// CHECK: 1 finding
