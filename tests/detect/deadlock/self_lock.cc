// SPDX-License-Identifier: Apache-2.0
// A mutex is not reentrant: its holder waits for itself.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: deadlock
#include <gordian/gordian.h>

gordian::Mutex mu;

void audit() {
  mu.lock();  // CHECK-DAG: .cc:[[#@LINE]]
  mu.unlock();
}

int main() {
  mu.lock();  // CHECK-DAG: .cc:[[#@LINE]]
  audit();
  mu.unlock();
}
// CHECK: 1 finding
