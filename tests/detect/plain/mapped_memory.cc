// SPDX-License-Identifier: Apache-2.0
// Each maps memory, uses it and gives it back: the next one finds the same address, not the same memory.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <sys/mman.h>

#include <thread>

void use_once() {
  for (int i = 0; i < 20; ++i) {
    auto* memory = static_cast<char*>(mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memory[100] = 1;
    memory = static_cast<char*>(mremap(memory, 8192, 16384, MREMAP_MAYMOVE));
    memory[10000] = 1;
    munmap(memory, 16384);
  }
}

int main() {
  std::thread one(use_once);
  std::thread two(use_once);
  one.join();
  two.join();
}
