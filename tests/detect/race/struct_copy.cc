// SPDX-License-Identifier: Apache-2.0
// Copying a struct touches all its bytes: a memory intrinsic, not a load.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
#include <gordian/gordian.h>

struct Block {
  long words[32];
};

Block shared;

int main() {
  gordian::WaitGroup done;
  done.go([] {
    Block copy = shared;  // CHECK-DAG: .cc:[[#@LINE]]
    asm volatile("" : : "r"(&copy) : "memory");
  });
  done.go([] {
    shared.words[20] = 1;  // CHECK-DAG: .cc:[[#@LINE]]
  });
  done.wait();
}
// CHECK: 1 finding
