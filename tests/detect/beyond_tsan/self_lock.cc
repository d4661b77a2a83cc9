// SPDX-License-Identifier: Apache-2.0
// A std::mutex is not recursive: its holder waits for itself, without a word from ThreadSanitizer. A recursive one may.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_hang %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DRECURSIVE %s -o %t.recursive
// RUN: %gordian_run 0 %t.recursive | FileCheck %s --check-prefix=RECURSIVE
// CHECK: deadlock D1 (all-asleep, observed): main waits for what it holds itself
// RECURSIVE: no findings
#include <mutex>

#ifdef RECURSIVE
std::recursive_mutex mu;
#else
std::mutex mu;
#endif

void audit() {
  mu.lock();  // CHECK-DAG: main waits for mutex mu at {{.*}}.cc:[[#@LINE]]
  mu.unlock();
}

int main() {
  mu.lock();  // CHECK-DAG: mutex mu is held by main, locked at {{.*}}.cc:[[#@LINE]]
  audit();
  mu.unlock();
}
// CHECK: 1 finding
