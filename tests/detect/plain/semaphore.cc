// SPDX-License-Identifier: Apache-2.0
// POSIX semaphores hand over what was written before the post; without the wait nothing is handed over.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DFORGOTTEN %s -o %t.forgotten
// RUN: %gordian_run 66 %t.forgotten | FileCheck %s --check-prefix=FORGOTTEN
// CHECK: no findings
// FORGOTTEN: data race {{.*}}box is
#include <semaphore.h>

#include <thread>

sem_t full;
sem_t empty;
int box;

int main() {
  sem_init(&full, 0, 0);
  sem_init(&empty, 0, 1);
  std::thread producer([] {
    for (int i = 0; i < 10; ++i) {
      sem_wait(&empty);
      box = i;
      sem_post(&full);
    }
  });
  int sum = 0;
  for (int i = 0; i < 10; ++i) {
    sem_wait(&full);
    sum += box;
    sem_post(&empty);
  }
#ifdef FORGOTTEN
  box = sum;
  std::thread late([] { box = 1; });
  box = 2;
  late.join();
#endif
  producer.join();
  return sum == 45 ? 0 : 1;
}
