// SPDX-License-Identifier: Apache-2.0
// Fences around relaxed operations publish as well; ThreadSanitizer reports this program.
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
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_relaxed)) {
    gordian::yield();
  }
  std::atomic_thread_fence(std::memory_order_acquire);
  return message == 5 ? 0 : 1;
}
