// SPDX-License-Identifier: Apache-2.0
// The ways in which a pthread ends: key destructors run after its body, in rounds; pthread_exit and pthread_cancel run
// the cleanup handlers, a cancelled wait holds its mutex again; a detached one says by a lock that it is done. All that
// comes before the join. Who does not wait for the join races with the
// body and with the destructor.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DRACY %s -o %t.racy
// RUN: %gordian_run 66 %t.racy | FileCheck %s --check-prefix=RACY
// CHECK: no findings
// RACY: data race {{.*}}key_log is
// RACY: 2 findings
#define STEP_PLAIN
#include <pthread.h>
#include <semaphore.h>

#include "support/step.h"

int key_log;
int exit_log;
int cancel_log;
int detached_log;
pthread_key_t key;
pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;
sem_t detached_done;
step::Meeting is_waiting(2);
step::Order order;

// Sets its key again, so it runs in two rounds.
void destroy(void* round) {
  key_log += 1;
  if (round == &key_log) {
    pthread_setspecific(key, &exit_log);
  } else {
    order.at(0, [] {});
  }
}

void* with_key(void*) {
  pthread_setspecific(key, &key_log);
  key_log = 10;
  return nullptr;
}

void* exits(void*) {
  pthread_cleanup_push([](void*) { exit_log += 1; }, nullptr);
  exit_log = 1;
  pthread_exit(&exit_log);
  pthread_cleanup_pop(0);
}

void* is_cancelled(void*) {
  pthread_mutex_lock(&mu);
  pthread_cleanup_push(
      [](void*) {
        cancel_log += 1;
        pthread_mutex_unlock(&mu);
      },
      nullptr);
  cancel_log = 1;
  is_waiting.arrive();
  for (;;) {
    pthread_cond_wait(&never, &mu);
  }
  pthread_cleanup_pop(1);
}

void* detached(void*) {
  detached_log = 1;
  sem_post(&detached_done);
  return nullptr;
}

int main() {
  pthread_key_create(&key, destroy);
  sem_init(&detached_done, 0, 0);
  pthread_t threads[4];
  pthread_create(&threads[0], nullptr, with_key, nullptr);
  pthread_create(&threads[1], nullptr, exits, nullptr);
  pthread_create(&threads[2], nullptr, is_cancelled, nullptr);
  pthread_create(&threads[3], nullptr, detached, nullptr);
  pthread_detach(threads[3]);
#ifdef RACY
  order.at(1, [] { key_log += 1; });
#endif
  is_waiting.arrive();
  pthread_mutex_lock(&mu);  // it waits: it has given the mutex back
  pthread_mutex_unlock(&mu);
  pthread_cancel(threads[2]);
  void* result = nullptr;
  for (int i = 0; i < 3; ++i) {
    pthread_join(threads[i], &result);
  }
  sem_wait(&detached_done);
  return key_log >= 12 && exit_log == 2 && cancel_log == 2 && detached_log == 1 && result == PTHREAD_CANCELED ? 0 : 1;
}
