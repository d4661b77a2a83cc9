// SPDX-License-Identifier: Apache-2.0
// Each done() happens before the wait() that it ends.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int results[3];

int main() {
  gordian::WaitGroup done;
  done.add(3);
  for (int i = 0; i < 3; ++i) {
    gordian::go([&done, i] {
      results[i] = i;
      done.done();
    });
  }
  done.wait();
  return results[0] + results[1] + results[2] == 3 ? 0 : 1;
}
