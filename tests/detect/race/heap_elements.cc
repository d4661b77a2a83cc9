// SPDX-License-Identifier: Apache-2.0
// Each goroutine has its own element.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <vector>

int main() {
  std::vector<int> sums(3);
  gordian::WaitGroup done;
  for (int i = 0; i < 3; ++i) {
    done.go([&, i] { sums[i] += i; });
  }
  done.wait();
}
