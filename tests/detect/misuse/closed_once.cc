// SPDX-License-Identifier: Apache-2.0
// One close, and receives and a try_send after it that ask first: all in order.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int main() {
  auto jobs = gordian::make_chan<int>(2);
  jobs.send(1);
  jobs.close();
  int sum = 0;
  for (int job : jobs) {
    sum += job;
  }
  const auto [value, ok] = jobs.recv_ok();
  return sum == 1 && value == 0 && !ok ? 0 : 1;
}
