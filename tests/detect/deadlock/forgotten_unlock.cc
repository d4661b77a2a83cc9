// SPDX-License-Identifier: Apache-2.0
// An early return keeps the lock; the next caller waits for ever.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: deadlock
#include <gordian/gordian.h>

gordian::Mutex mu;
int stock = 0;

bool take(int count) {
  mu.lock();  // CHECK-DAG: .cc:[[#@LINE]]
  if (stock < count) {
    return false;
  }
  stock -= count;
  mu.unlock();
  return true;
}

int main() {
  take(1);
  take(1);
}
// CHECK: 1 finding
