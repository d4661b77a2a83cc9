// SPDX-License-Identifier: Apache-2.0
// A semaphore that nobody posts. If a signal handler may post it, the wait is not hopeless, and nothing is said
// although the program sleeps just as well.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_hang %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DHANDLED %s -o %t.handled
// RUN: %gordian_hang %t.handled | FileCheck %s --check-prefix=HANDLED
// CHECK: deadlock D1 (all-asleep, observed)
// HANDLED: no findings
#include <semaphore.h>
#include <signal.h>

#include <thread>

sem_t full;

int main() {
#ifdef HANDLED
  signal(SIGUSR1, [](int) { sem_post(&full); });
#endif
  sem_init(&full, 0, 1);
  sem_wait(&full);
  std::thread consumer([] {
    sem_wait(&full);  // CHECK-DAG: thread 2 waits for permits of semaphore full at {{.*}}.cc:[[#@LINE]]
  });
  consumer.join();
}
// CHECK: nobody has posted it so far
// CHECK: 1 finding
