// SPDX-License-Identifier: Apache-2.0
// One of three stays away from the second round.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_hang %t | FileCheck %s
// CHECK: deadlock D1 (all-asleep, observed)
// CHECK-DAG: needs the arrival of main
#include <pthread.h>

#include <thread>

pthread_barrier_t round_end;

int main() {
  pthread_barrier_init(&round_end, nullptr, 3);
  const auto two_rounds = [] {
    pthread_barrier_wait(&round_end);
    pthread_barrier_wait(&round_end);  // CHECK-DAG: the others at barrier round_end at {{.*}}.cc:[[#@LINE]]
  };
  std::thread one(two_rounds);
  std::thread two(two_rounds);
  pthread_barrier_wait(&round_end);
  one.join();  // CHECK-DAG: main waits for the end of thread 2 at {{.*}}.cc:[[#@LINE]]
  two.join();
}
// CHECK: 1 finding
