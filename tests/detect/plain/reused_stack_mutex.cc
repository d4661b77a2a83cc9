// SPDX-License-Identifier: Apache-2.0
// Mutexes on the stacks of threads that follow each other are different mutexes, though they lie at one address.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <mutex>
#include <thread>

__attribute__((noinline)) void lock_both(bool swapped) {
  std::mutex mutexes[2];
  const std::lock_guard first(mutexes[swapped ? 1 : 0]);
  const std::lock_guard second(mutexes[swapped ? 0 : 1]);
}

int main() {
  for (const bool swapped : {false, true}) {
    std::thread(lock_both, swapped).join();
  }
}
