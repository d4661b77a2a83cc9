// SPDX-License-Identifier: Apache-2.0
// A release store publishes to the acquire load that sees it.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <atomic>

int message = 0;
std::atomic<bool> ready{false};

int main() {
  gordian::go([] {
    message = 5;
    ready.store(true, std::memory_order_release);
  });
  while (!ready.load(std::memory_order_acquire)) {
    gordian::yield();
  }
  return message == 5 ? 0 : 1;
}
