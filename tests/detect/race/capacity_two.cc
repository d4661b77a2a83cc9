// SPDX-License-Identifier: Apache-2.0
// Capacity 2 lets two in.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: hits
#include <gordian/gordian.h>

int hits = 0;

void serve(gordian::Chan<void> slots) {
  slots.send();
  ++hits;  // CHECK-DAG: .cc:[[#@LINE]]
  slots.recv();
}

int main() {
  auto slots = gordian::make_chan<void>(2);
  gordian::WaitGroup done;
  for (int i = 0; i < 2; ++i) {
    done.go([=] { serve(slots); });
  }
  done.wait();
}
// CHECK: 1 finding
