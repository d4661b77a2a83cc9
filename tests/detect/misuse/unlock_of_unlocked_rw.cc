// SPDX-License-Identifier: Apache-2.0
// Unlocking an RWMutex that only readers hold.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: misuse
// CHECK-SAME: Unlock of unlocked RWMutex
#include <gordian/gordian.h>

gordian::RWMutex rw;

int main() {
  rw.lock_shared();
  rw.unlock();  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
