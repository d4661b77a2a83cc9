// SPDX-License-Identifier: Apache-2.0
// Every two kinds of lock, one of each, taken in opposite orders by two threads: 10 kinds, 45 pairs. Silent: under a
// gate, in one thread, and where readers meet only readers.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DGATE %s -o %t.gate
// RUN: %gordian_run 0 %t.gate | FileCheck %s --check-prefix=SILENT
// RUN: %gordian_cxx -O1 -DONE_THREAD %s -o %t.one
// RUN: %gordian_run 0 %t.one | FileCheck %s --check-prefix=SILENT
// RUN: %gordian_cxx -O1 -DREADERS %s -o %t.readers
// RUN: %gordian_run 0 %t.readers | FileCheck %s --check-prefix=SILENT
// CHECK-COUNT-45: lock-order inversion
// CHECK: 45 findings
// SILENT: no findings
#include <pthread.h>

#include <mutex>
#include <shared_mutex>
#include <thread>

#include "support/step.h"

struct PosixMutex {
  pthread_mutex_t state = PTHREAD_MUTEX_INITIALIZER;
  void lock() { pthread_mutex_lock(&state); }
  void unlock() { pthread_mutex_unlock(&state); }
};
struct PosixRwLock {
  pthread_rwlock_t state = PTHREAD_RWLOCK_INITIALIZER;
  void lock() { pthread_rwlock_wrlock(&state); }
  void unlock() { pthread_rwlock_unlock(&state); }
  void lock_shared() { pthread_rwlock_rdlock(&state); }
  void unlock_shared() { pthread_rwlock_unlock(&state); }
};
struct SpinLock {
  pthread_spinlock_t state;
  SpinLock() { pthread_spin_init(&state, PTHREAD_PROCESS_PRIVATE); }
  void lock() { pthread_spin_lock(&state); }
  void unlock() { pthread_spin_unlock(&state); }
};

#ifdef READERS
template <class Lock>
using Hold = std::shared_lock<Lock>;
#else
template <class Lock>
using Hold = std::lock_guard<Lock>;
#endif

template <class A, class B>
struct Pair {
  static inline A a;
  static inline B b;
  __attribute__((noinline)) static void forwards() {
    const Hold<A> outer(a);
    const Hold<B> inner(b);
  }
  __attribute__((noinline)) static void backwards() {
    const Hold<B> outer(b);
    const Hold<A> inner(a);
  }
};

// Both<Kinds...>::all(visit) shows every two kinds.
template <class... Kinds>
struct Both {
  template <class Visit>
  static void all(Visit /*visit*/) {}
};
template <class First, class... Rest>
struct Both<First, Rest...> {
  template <class Visit>
  static void all(Visit visit) {
    (visit(Pair<First, Rest>()), ...);
    Both<Rest...>::all(visit);
  }
};
#ifdef READERS
using Kinds = Both<gordian::RWMutex, std::shared_mutex, std::shared_timed_mutex, PosixRwLock>;
#else
using Kinds = Both<gordian::Mutex, gordian::RWMutex, std::mutex, std::recursive_mutex, std::timed_mutex,
                   std::recursive_timed_mutex, std::shared_mutex, PosixMutex, PosixRwLock, SpinLock>;
#endif

std::mutex gate;
step::Order order;

template <class Visit>
void visit_all(Visit visit) {
#ifdef GATE
  const std::lock_guard hold(gate);
#endif
  Kinds::all(visit);
}

int main() {
  const auto forwards = [] { visit_all([](auto pair) { pair.forwards(); }); };
  const auto backwards = [] { visit_all([](auto pair) { pair.backwards(); }); };
#ifdef ONE_THREAD
  std::thread([&] {
    forwards();
    backwards();
  }).join();
#else
  std::thread one([&] { order.at(0, forwards); });
  std::thread two([&] { order.at(1, backwards); });
  one.join();
  two.join();
#endif
}
