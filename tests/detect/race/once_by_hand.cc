// SPDX-License-Identifier: Apache-2.0
// A flag instead of Once: flag and table are both raced for; the flag is a variable like any other.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK: 2 findings
#include <gordian/gordian.h>

bool ready = false;
int table = 0;

int look_up() {
  if (!ready) {
    table = 7;
    ready = true;
  }
  return table;
}

int main() {
  gordian::WaitGroup done;
  int seen[2] = {};
  for (int i = 0; i < 2; ++i) {
    done.go([&, i] { seen[i] = look_up(); });
  }
  done.wait();
  return seen[0] == seen[1] ? 0 : 1;
}
