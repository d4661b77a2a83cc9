// SPDX-License-Identifier: Apache-2.0
// A semaphore of one permit guards as a lock does.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

gordian::Semaphore permit(1);
int value = 0;

int main() {
  gordian::WaitGroup group;
  for (int i = 0; i < 4; ++i) {
    group.go([] {
      permit.acquire();
      ++value;
      permit.release();
    });
  }
  permit.acquire();
  ++value;
  permit.release();
  group.wait();
}
