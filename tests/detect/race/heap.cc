// SPDX-License-Identifier: Apache-2.0
// An element of a vector that grew before the goroutines began.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
#include <gordian/gordian.h>

#include <vector>

void add(std::vector<int>& sums, int value) {
  int* first = sums.data();
  *first += value;  // CHECK-DAG: .cc:[[#@LINE]]
}

int main() {
  std::vector<int> sums(3);
  gordian::WaitGroup done;
  done.go([&] { add(sums, 1); });
  done.go([&] { add(sums, 2); });
  done.wait();
}
// CHECK: 1 finding
