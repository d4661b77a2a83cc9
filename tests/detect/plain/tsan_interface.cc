// SPDX-License-Identifier: Apache-2.0
// Synchronisation that nobody sees, and that its author has declared with ThreadSanitizer's interface: a lock with
// readers, a hand-over, an inversion of two such locks.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DSILENT %s -o %t.silent
// RUN: %gordian_run 66 %t.silent | FileCheck %s --check-prefix=SILENT
// RUN: %gordian_cxx -O1 -DINVERTED %s -o %t.inverted
// RUN: %gordian_run 66 %t.inverted | FileCheck %s --check-prefix=INVERTED
// CHECK: no findings
// SILENT-DAG: data race {{.*}}entries
// SILENT-DAG: data race {{.*}}letter
// INVERTED: lock-order inversion
// INVERTED: 1 finding
#include <sched.h>

#include <thread>

#include "support/step.h"

extern "C" {
void __tsan_acquire(void* object);
void __tsan_release(void* object);
void __tsan_mutex_create(void* lock, unsigned flags);
void __tsan_mutex_destroy(void* lock, unsigned flags);
void __tsan_mutex_pre_lock(void* lock, unsigned flags);
void __tsan_mutex_post_lock(void* lock, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void* lock, unsigned flags);
void __tsan_mutex_post_unlock(void* lock, unsigned flags);
}

// Excludes everybody, readers too: what is declared is less than what it does.
class HiddenLock {
 public:
  HiddenLock() { __tsan_mutex_create(this, 0); }
  ~HiddenLock() { __tsan_mutex_destroy(this, 0); }
  void lock(unsigned flags = 0) {
    declare([&] { __tsan_mutex_pre_lock(this, flags); });
    take();
    declare([&] { __tsan_mutex_post_lock(this, flags, 0); });
  }
  void unlock(unsigned flags = 0) {
    declare([&] { __tsan_mutex_pre_unlock(this, flags); });
    give();
    declare([&] { __tsan_mutex_post_unlock(this, flags); });
  }

 private:
  template <class F>
  static void declare([[maybe_unused]] F annotation) {
#ifndef SILENT
    annotation();
#endif
  }
  STEP_INVISIBLE void take() {
    while (__atomic_exchange_n(&taken_, true, __ATOMIC_ACQUIRE)) {
      sched_yield();
    }
  }
  STEP_INVISIBLE void give() { __atomic_store_n(&taken_, false, __ATOMIC_RELEASE); }

  bool taken_ = false;
};

constexpr unsigned kReadLock = 1 << 3;
HiddenLock book;
HiddenLock shelf;
int entries = 0;
int letter = 0;
int box = 0;

int main() {
  step::Order order;
  int seen = 0;
  std::thread writer([&] {
    order.at(0, [] {
      book.lock();
      shelf.lock();
      ++entries;
      shelf.unlock();
      book.unlock();
      letter = 5;
#ifndef SILENT
      __tsan_release(&box);
#endif
    });
  });
  order.at(1, [&] {
#ifdef INVERTED
    shelf.lock();
#endif
    book.lock(kReadLock);
    seen += entries;
    book.unlock(kReadLock);
#ifdef INVERTED
    shelf.unlock();
#endif
#ifndef SILENT
    __tsan_acquire(&box);
#endif
    seen += letter;
  });
  writer.join();
  return seen == 6 ? 0 : 1;
}
