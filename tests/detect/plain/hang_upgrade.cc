// SPDX-License-Identifier: Apache-2.0
// A reader cannot become a writer: two that try wait for each other's reading to end.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_hang %t | FileCheck %s
// CHECK: deadlock D1 (all-asleep, observed): all threads are asleep
#define STEP_PLAIN
#include <shared_mutex>
#include <thread>

#include "support/step.h"

std::shared_mutex table;
step::Meeting both_read(2);

void upgrade() {
  table.lock_shared();  // CHECK-DAG: read-locked by thread 2, locked at {{.*}}.cc:[[#@LINE]]
  both_read.arrive();
  table.lock();  // CHECK-DAG: waits to write-lock RWMutex table at {{.*}}.cc:[[#@LINE]]
}

int main() {
  std::thread one(upgrade);
  std::thread two(upgrade);
  one.join();
  two.join();
}
// CHECK: 1 finding
