// SPDX-License-Identifier: Apache-2.0
// Before a barrier everybody writes a cell of their own, behind it everybody reads all of them.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DFORGOTTEN %s -o %t.forgotten
// RUN: %gordian_run 66 %t.forgotten | FileCheck %s --check-prefix=FORGOTTEN
// CHECK: no findings
// FORGOTTEN: data race {{.*}}cells
#include <pthread.h>

#include <thread>

pthread_barrier_t barrier;
long cells[2][3];
long sums[3];

void work(int self) {
  for (int round = 0; round < 4; ++round) {
    cells[round % 2][self] = round + self;
#ifndef FORGOTTEN
    pthread_barrier_wait(&barrier);
#endif
    sums[self] += cells[round % 2][0] + cells[round % 2][1] + cells[round % 2][2];
  }
}

int main() {
  pthread_barrier_init(&barrier, nullptr, 3);
  std::thread one(work, 0);
  std::thread two(work, 1);
  work(2);
  one.join();
  two.join();
  pthread_barrier_destroy(&barrier);
  return sums[0] < 0 ? 1 : 0;
}
