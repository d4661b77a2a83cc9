// SPDX-License-Identifier: Apache-2.0
// Main holds the only permit and waits for the goroutine that wants it.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: deadlock
#include <gordian/gordian.h>

gordian::Semaphore slots(1);

int main() {
  gordian::WaitGroup group;
  slots.acquire();
  group.go([] {
    slots.acquire();  // CHECK-DAG: waits for permits of semaphore slots at {{.*}}.cc:[[#@LINE]]
    slots.release();
  });
  group.wait();  // CHECK-DAG: .cc:[[#@LINE]]
  slots.release();
}
// CHECK: 1 finding
