// SPDX-License-Identifier: Apache-2.0
// Freed memory is given to the next goroutine, in whatever size: another life, not a race.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <cstdlib>
#include <memory>

#include "support/step.h"

void use(int value) {
  auto block = std::make_unique<int>(value);
  ++*block;
}

// All fit into what the C library gives for the largest.
void use_some(std::size_t bytes) {
  auto* block = static_cast<char*>(std::malloc(bytes));
  block[bytes - 1] = 'x';
  asm volatile("" : : "r"(block) : "memory");  // it is needed
  std::free(block);
}

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 8; ++i) {
    done.go([i] { use(i); });
  }
  done.wait();
  step::Order order;
  for (int i = 0; i < 8; ++i) {
    done.go([&, i] { order.at(i, [i] { use_some(60 - static_cast<std::size_t>(i % 4)); }); });
  }
  done.wait();
}
