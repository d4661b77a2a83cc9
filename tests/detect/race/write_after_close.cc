// SPDX-License-Identifier: Apache-2.0
// What follows close() is ordered with nothing in those who see the end.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: config
#include <gordian/gordian.h>

int config = 0;

int main() {
  auto ready = gordian::make_chan<void>();
  auto done = gordian::make_chan<void>();
  gordian::go([=] {
    ready.close();
    config = 3;  // CHECK-DAG: .cc:[[#@LINE]]
    done.close();
  });
  ready.recv();
  const int seen = config;  // CHECK-DAG: .cc:[[#@LINE]]
  done.recv();
  return seen == -1 ? 1 : 0;
}
// CHECK: 1 finding
