// SPDX-License-Identifier: Apache-2.0
// A relaxed load sees the flag, but not what was written before it.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: message
#include <gordian/gordian.h>

#include <atomic>

int message = 0;
std::atomic<bool> ready{false};

int main() {
  gordian::go([] {
    message = 5;  // CHECK-DAG: .cc:[[#@LINE]]
    ready.store(true, std::memory_order_release);
  });
  while (!ready.load(std::memory_order_relaxed)) {
    gordian::yield();
  }
  return message == 5 ? 0 : 1;  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
