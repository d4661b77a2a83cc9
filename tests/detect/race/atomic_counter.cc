// SPDX-License-Identifier: Apache-2.0
// Atomic increments are no race, whatever their order.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <atomic>

std::atomic<int> hits{0};

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 3; ++i) {
    done.go([] { hits.fetch_add(1, std::memory_order_relaxed); });
  }
  done.wait();
  return hits == 3 ? 0 : 1;
}
