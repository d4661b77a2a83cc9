// SPDX-License-Identifier: Apache-2.0
// Freed memory is given to the next goroutine: another life, not a race.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <memory>

void use(int value) {
  auto block = std::make_unique<int>(value);
  ++*block;
}

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 8; ++i) {
    done.go([i] { use(i); });
  }
  done.wait();
}
