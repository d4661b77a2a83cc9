// SPDX-License-Identifier: Apache-2.0
// release() of more permits than were acquired. Subkind: semaphore-over-release.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: misuse
// CHECK-SAME: semaphore: released more than held
#include <gordian/gordian.h>

int main() {
  gordian::Semaphore slots(2);
  slots.acquire();
  slots.release();
  slots.release();  // CHECK: .cc:[[#@LINE]]
}
// CHECK: 1 finding
