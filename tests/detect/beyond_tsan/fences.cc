// SPDX-License-Identifier: Apache-2.0
// Fences around relaxed operations publish as well; ThreadSanitizer reports this program. Without the reader's fence
// nothing is published.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DFORGOTTEN %s -o %t.forgotten
// RUN: %gordian_run 66 %t.forgotten | FileCheck %s --check-prefix=FORGOTTEN
// CHECK: no findings
// FORGOTTEN: data race {{.*}}message
#include <atomic>
#include <thread>

int message = 0;
std::atomic<bool> ready{false};

int main() {
  std::thread writer([] {
    message = 5;
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_relaxed)) {
    std::this_thread::yield();
  }
#ifndef FORGOTTEN
  std::atomic_thread_fence(std::memory_order_acquire);
#endif
  const int seen = message;
  writer.join();
  return seen == 5 ? 0 : 1;
}
