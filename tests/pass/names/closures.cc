// SPDX-License-Identifier: Apache-2.0
// A lock is not called after what leads to it: a closure that has captured it, the parameter that the closure is handed
// on as, a std::function around it, a functor, or the object whose first member it is.
// RUN: %cxx -std=c++20 -O0 -c %s -o %t.o && %site_dump %t.o | FileCheck %s --check-prefixes=CHECK,PLAIN
// RUN: %cxx -std=c++20 -O1 -c %s -o %t.o && %site_dump %t.o | FileCheck %s --check-prefixes=CHECK,INLINED
// RUN: %cxx -std=c++20 -O2 -c %s -o %t.o && %site_dump %t.o | FileCheck %s --check-prefixes=CHECK,INLINED
#include <pthread.h>

#include <functional>
#include <memory>
#include <mutex>

void work();
void keep(const std::function<void()>& body);

struct Till {
  std::mutex mu;  // at offset 0: the till and its lock have one address
  long coins = 0;
};

template <class Section>
void with_lock(std::mutex& m, Section&& section) {
  m.lock();  // PLAIN-DAG: lock on 'm' at {{.*}}with_lock<{{.*}}:[[@LINE]]:
  section();
  m.unlock();
}

// INLINED-LABEL: function handed_on
void handed_on() {
  Till till;
  with_lock(till.mu, [&] { ++till.coins; });  // INLINED: mutex_lock on 'till.mu' at {{.*}} < handed_on:[[@LINE]]:
  keep([&till] { ++till.coins; });
}

// INLINED-LABEL: function pointed
void pointed(Till* till) {
  with_lock(till->mu, [&] { ++till->coins; });  // INLINED: mutex_lock on 'Till::mu' at {{.*}} < pointed:[[@LINE]]:
}

// INLINED-LABEL: function called_twice
void called_twice() {
  std::mutex inner;
  const auto section = [&inner] {
    inner.lock();  // INLINED: mutex_lock on 'inner' at {{.*}}called_twice::{lambda#1}:[[@LINE]]:
    work();
    inner.unlock();
  };
  section();
  keep(section);
}

// INLINED-LABEL: function functor
struct Task {
  std::mutex* held;
  void operator()() const {
    held->lock();  // INLINED: mutex_lock on 'own' at {{.*}}Task::operator():[[@LINE]]:
    work();
    held->unlock();
  }
};

void functor() {
  std::mutex own;
  const Task task{&own};
  task();
  keep(task);
}

// INLINED-LABEL: function shared
void shared(const std::shared_ptr<Till>& till, const std::shared_ptr<std::mutex>& mu) {
  till->mu.lock();  // INLINED: mutex_lock on 'Till::mu' at {{.*}}shared:[[@LINE]]:
  mu->lock();       // INLINED: mutex_lock on 'mu' at {{.*}}shared:[[@LINE]]:
}

struct Queue {
  pthread_mutex_t mu;
  int length;
};

// CHECK-LABEL: function posix
void posix(Queue* queue) {
  Queue local{};
  pthread_mutex_lock(&local.mu);   // CHECK: mutex_lock on 'local.mu' at {{.*}}posix:[[@LINE]]:
  pthread_mutex_lock(&queue->mu);  // CHECK: mutex_lock on 'Queue::mu' at {{.*}}posix:[[@LINE]]:
  keep([&local] { local.length += 1; });
}
