// SPDX-License-Identifier: Apache-2.0
// What follows the send is ordered with nothing in the receiver.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: price
#include <gordian/gordian.h>

int price = 0;

int main() {
  auto ball = gordian::make_chan<void>();
  gordian::go([=] {
    ball.recv();
    ++price;  // CHECK-DAG: .cc:[[#@LINE]]
    ball.recv();
  });
  ball.send();
  price = 1;  // CHECK-DAG: .cc:[[#@LINE]]
  ball.send();
}
// CHECK: 1 finding
