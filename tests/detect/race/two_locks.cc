// SPDX-License-Identifier: Apache-2.0
// Each goroutine takes a mutex, but not the same one.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: hits
#include <gordian/gordian.h>

#include <mutex>

gordian::Mutex left;
gordian::Mutex right;
int hits = 0;

int main() {
  gordian::WaitGroup served;
  served.go([] {
    std::lock_guard hold(left);
    ++hits;  // CHECK-DAG: .cc:[[#@LINE]]
  });
  served.go([] {
    std::lock_guard hold(right);
    ++hits;  // CHECK-DAG: .cc:[[#@LINE]]
  });
  served.wait();
}
// CHECK: 1 finding
