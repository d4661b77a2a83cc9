// SPDX-License-Identifier: Apache-2.0
// Two readers at once, and one of them writes.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: rate
#include <gordian/gordian.h>

#include <shared_mutex>

gordian::RWMutex rw;
int rate = 1;

void refresh() {
  std::shared_lock hold(rw);
  ++rate;  // CHECK-DAG: .cc:[[#@LINE]]
}

int main() {
  gordian::WaitGroup done;
  done.go(refresh);
  done.go(refresh);
  done.wait();
}
// CHECK: 1 finding
