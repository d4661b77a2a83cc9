// SPDX-License-Identifier: Apache-2.0
// close() happens before a receive that returns because the channel is closed.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int config = 0;

int main() {
  auto ready = gordian::make_chan<void>();
  gordian::go([=] {
    config = 3;
    ready.close();
  });
  ready.recv();
  return config == 3 ? 0 : 1;
}
