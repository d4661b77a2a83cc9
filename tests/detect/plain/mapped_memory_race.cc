// SPDX-License-Identifier: Apache-2.0
// Two threads write one byte of a mapping.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
#include <sys/mman.h>

#include <thread>

int main() {
  auto* memory = static_cast<char*>(mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  std::thread other([=] {
    memory[5000] = 1;  // CHECK-DAG: .cc:[[#@LINE]]
  });
  memory[5000] = 2;  // CHECK-DAG: .cc:[[#@LINE]]
  other.join();
  munmap(memory, 8192);
}
// CHECK: 1 finding
