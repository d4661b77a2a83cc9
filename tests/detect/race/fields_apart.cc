// SPDX-License-Identifier: Apache-2.0
// Two goroutines write neighbouring fields: no byte is shared.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

struct Pair {
  char first = 0;
  char second = 0;
};

Pair pair;

int main() {
  gordian::WaitGroup done;
  done.go([] { pair.first = 1; });
  done.go([] { pair.second = 2; });
  done.wait();
}
