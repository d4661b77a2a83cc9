// SPDX-License-Identifier: Apache-2.0
// A pthread spin lock is a lock.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DFORGOTTEN %s -o %t.forgotten
// RUN: %gordian_run 66 %t.forgotten | FileCheck %s --check-prefix=FORGOTTEN
// CHECK: no findings
// FORGOTTEN: data race {{.*}}shared is
#include <pthread.h>

#include <thread>

pthread_spinlock_t lock;
long shared;

void add() {
  for (int i = 0; i < 100; ++i) {
#ifndef FORGOTTEN
    pthread_spin_lock(&lock);
#endif
    ++shared;
#ifndef FORGOTTEN
    pthread_spin_unlock(&lock);
#endif
  }
}

int main() {
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  std::thread one(add);
  std::thread two(add);
  one.join();
  two.join();
  pthread_spin_destroy(&lock);
}
