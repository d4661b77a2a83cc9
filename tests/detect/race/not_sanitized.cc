// SPDX-License-Identifier: Apache-2.0
// A function that asks not to be looked at is not.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int guess = 0;

__attribute__((no_sanitize("thread"), noinline)) void sloppy() { ++guess; }

int main() {
  gordian::WaitGroup done;
  done.go(sloppy);
  done.go(sloppy);
  done.wait();
}
