// SPDX-License-Identifier: Apache-2.0
// The same, closed.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int main() {
  auto jobs = gordian::make_chan<int>();
  gordian::WaitGroup done;
  done.go([=] {
    for (int job : jobs) {
      (void)job;
    }
  });
  jobs.send(1);
  jobs.close();
  done.wait();
}
