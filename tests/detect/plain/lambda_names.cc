// SPDX-License-Identifier: Apache-2.0
// A lock keeps its own name where a lambda is run under it: not that of the lambda, of the helper's parameter, or of
// the object that it begins. main names both locks, and is the last to lock them.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s --implicit-check-not='mutex section' --implicit-check-not='mutex m ' \
// RUN:   --implicit-check-not='mutex *m' --implicit-check-not='mutex till ' --implicit-check-not='mutex queue '
// RUN: %gordian_cxx -O1 -DCLEAN %s -o %t.clean
// RUN: %gordian_run 0 %t.clean | FileCheck %s --check-prefix=CLEAN
// CHECK-DAG: holds mutex till.mu
// CHECK-DAG: holds mutex queue.mu
// CHECK: 2 findings
// CLEAN: no findings
#include <pthread.h>

#include <mutex>
#include <thread>

struct Till {
  std::mutex mu;  // at offset 0: the till and its lock have one address
  int coins = 0;
};

struct Queue {
  pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
  int length = 0;
};

template <class Section>
void with_lock(std::mutex& m, const Section& section) {
  const std::lock_guard hold(m);
  section();
}

template <class Section>
void with_lock(pthread_mutex_t* m, const Section& section) {
  pthread_mutex_lock(m);
  section();
  pthread_mutex_unlock(m);
}

#ifdef CLEAN
#define LOCKED_IF_CLEAN(mutex, statement) with_lock(mutex, [&] { statement; })
#else
#define LOCKED_IF_CLEAN(mutex, statement) statement
#endif

int main() {
  Till till;
  Queue queue;
  with_lock(till.mu, [&] { till.coins = 1; });
  std::thread clerk([&] {
    with_lock(till.mu, [&] { ++till.coins; });
    with_lock(&queue.mu, [&] { ++queue.length; });
  });
  std::thread customer([&] {
    LOCKED_IF_CLEAN(till.mu, till.coins += 2);
    LOCKED_IF_CLEAN(&queue.mu, queue.length += 2);
  });
  clerk.join();
  customer.join();
  till.mu.lock();
  pthread_mutex_lock(&queue.mu);
  const int seen = till.coins + queue.length;
  pthread_mutex_unlock(&queue.mu);
  till.mu.unlock();
  return seen > 7 ? 1 : 0;
}
