// SPDX-License-Identifier: Apache-2.0
// A block has more room than was asked for, and malloc_usable_size allows its use: the next owner of the memory, who
// asked for less, does not race in that room with the end of the block before. Who is late there does.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DLATE %s -o %t.late
// RUN: %gordian_run 66 %t.late | FileCheck %s --check-prefix=LATE
// CHECK: no findings
// LATE-DAG: (race-with-free, observed): {{.*}} is freed by main while g2 {{.*}} writes it
#include <gordian/gordian.h>
#include <malloc.h>

#include <cstdlib>
#include <cstring>

#include "support/step.h"

step::Order order;

#ifdef LATE
int main() {
  gordian::WaitGroup done;
  auto* const block = static_cast<char*>(std::malloc(50));
  const std::size_t room = malloc_usable_size(block);
  done.go([=] { order.at(0, [=] { block[room - 1] = 'x'; }); });  // LATE-DAG: writes at {{.*}}.cc:[[#@LINE]]
  order.at(1, [=] { std::free(block); });
  done.wait();
}
#else
void use_all(std::size_t bytes) {
  auto* const block = static_cast<char*>(std::malloc(bytes));
  std::memset(block, 'x', malloc_usable_size(block));
  asm volatile("" : : "r"(block) : "memory");  // it is needed
  std::free(block);
}

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 8; ++i) {
    done.go([i] { order.at(i, [i] { use_all(60 - static_cast<std::size_t>(i % 4) * 3); }); });
  }
  done.wait();
}
#endif
// LATE: 1 finding
