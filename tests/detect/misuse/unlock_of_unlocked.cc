// SPDX-License-Identifier: Apache-2.0
// Unlocking twice is fatal, and cannot be recovered from.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: misuse
// CHECK-SAME: unlock of unlocked mutex
#include <gordian/gordian.h>

gordian::Mutex mu;

int main() {
  mu.lock();
  mu.unlock();
  mu.unlock();  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
