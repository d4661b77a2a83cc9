// SPDX-License-Identifier: Apache-2.0
// The first call happens before every call returns.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

gordian::Once once;
int table = 0;

int look_up() {
  once.call([] { table = 7; });
  return table;
}

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 3; ++i) {
    done.go([] { (void)look_up(); });
  }
  done.wait();
}
