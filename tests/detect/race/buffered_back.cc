// SPDX-License-Identifier: Apache-2.0
// With a buffer, a send does not wait for the receiver: nothing comes back.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: back
#include <gordian/gordian.h>

int back = 0;

int main() {
  auto ball = gordian::make_chan<void>(1);
  auto done = gordian::make_chan<void>();
  gordian::go([=] {
    back = 1;  // CHECK-DAG: .cc:[[#@LINE]]
    ball.recv();
    done.send();
  });
  ball.send();
  ++back;  // CHECK-DAG: .cc:[[#@LINE]]
  done.recv();
}
// CHECK: 1 finding
