// SPDX-License-Identifier: Apache-2.0
// Each rule of the locks of threads broken once; the program goes on as it would have. In the twin a mutex that checks
// refuses and tells the program, a robust one outlives its owner: nothing is said.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DCHECKED %s -o %t.checked
// RUN: %gordian_run 0 %t.checked | FileCheck %s --check-prefix=CHECKED
// CHECKED: no findings
#include <pthread.h>

#include <cerrno>
#include <mutex>
#include <new>
#include <thread>

pthread_mutex_t of_two = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t refused = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t kept = PTHREAD_MUTEX_INITIALIZER;
std::mutex never_locked;

#ifndef CHECKED
// CHECK-DAG: (destroyed-while-locked, observed): a lock is destroyed while it is locked
// CHECK-DAG: (unlock-of-unlocked, observed): a lock is unlocked that nobody holds
// CHECK-DAG: (unlock-of-another-s, observed): a lock is unlocked that another thread holds
// CHECK-DAG: (locked-at-thread-exit, observed): a thread ends with a lock that it holds
int main() {
  std::thread([] {
    pthread_mutex_lock(&kept);  // CHECK-DAG: locked it at {{.*}}.cc:[[#@LINE]]
  }).join();

  pthread_mutex_lock(&of_two);  // CHECK-DAG: earlier: main at {{.*}}.cc:[[#@LINE]]
  std::thread([] {
    pthread_mutex_unlock(&of_two);  // CHECK-DAG: unlocks it at {{.*}}.cc:[[#@LINE]]
  }).join();

  pthread_mutex_lock(&refused);
  const bool busy = pthread_mutex_destroy(&refused) == EBUSY;  // CHECK-DAG: main destroys it at {{.*}}.cc:[[#@LINE]]
  pthread_mutex_unlock(&refused);

  auto* on_heap = new std::mutex;
  on_heap->lock();  // CHECK-DAG: earlier: main at {{.*}}.cc:[[#@LINE]]
  delete on_heap;   // CHECK-DAG: main destroys it at {{.*}}.cc:[[#@LINE]]

  never_locked.unlock();  // CHECK-DAG: main fails at {{.*}}.cc:[[#@LINE]]
  return busy ? 0 : 1;
}
// CHECK: 5 findings
#else
int errors = 0;
void expect(int result, int wanted) { errors += result == wanted ? 0 : 1; }

void init(pthread_mutex_t& mutex, int type, int robust) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, type);
  pthread_mutexattr_setrobust(&attributes, robust);
  pthread_mutex_init(&mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

int main() {
  pthread_mutex_t checks;
  pthread_mutex_t robust;
  pthread_mutex_t recursive;
  init(checks, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
  init(robust, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
  init(recursive, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);

  expect(pthread_mutex_unlock(&checks), EPERM);
  expect(pthread_mutex_lock(&checks), 0);
  expect(pthread_mutex_lock(&checks), EDEADLK);
  std::thread([&] { expect(pthread_mutex_unlock(&checks), EPERM); }).join();
  expect(pthread_mutex_unlock(&checks), 0);

  std::thread([&] { pthread_mutex_lock(&robust); }).join();
  expect(pthread_mutex_lock(&robust), EOWNERDEAD);
  expect(pthread_mutex_consistent(&robust), 0);
  expect(pthread_mutex_unlock(&robust), 0);

  for (int i = 0; i < 3; ++i) expect(pthread_mutex_lock(&recursive), 0);
  std::thread([&] { expect(pthread_mutex_unlock(&recursive), EPERM); }).join();
  for (int i = 0; i < 3; ++i) expect(pthread_mutex_unlock(&recursive), 0);
  expect(pthread_mutex_unlock(&recursive), EPERM);

  expect(pthread_mutex_destroy(&checks) + pthread_mutex_destroy(&robust) + pthread_mutex_destroy(&recursive), 0);
  return errors;
}
#endif
