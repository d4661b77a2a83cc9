// SPDX-License-Identifier: Apache-2.0
// wait() returns at once when nothing was added.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: result
#include <gordian/gordian.h>

int result = 0;

int main() {
  gordian::WaitGroup forgotten;
  auto finished = gordian::make_chan<void>();
  gordian::go([=] {
    result = 42;  // CHECK-DAG: .cc:[[#@LINE]]
    finished.send();
  });
  forgotten.wait();
  const int seen = result;  // CHECK-DAG: .cc:[[#@LINE]]
  finished.recv();
  return seen == -1 ? 1 : 0;
}
// CHECK: 1 finding
