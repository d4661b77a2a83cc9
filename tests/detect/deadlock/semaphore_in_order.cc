// SPDX-License-Identifier: Apache-2.0
// The permit is given back before main waits.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

gordian::Semaphore slots(1);

int main() {
  gordian::WaitGroup group;
  slots.acquire();
  group.go([] {
    slots.acquire();
    slots.release();
  });
  slots.release();
  group.wait();
}
