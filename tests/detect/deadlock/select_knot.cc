// SPDX-License-Identifier: Apache-2.0
// Two goroutines offer each other only receives: whichever case they wait for, the other would have to send.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: deadlock
#include <gordian/gordian.h>

using gordian::on_recv;
using gordian::RecvChan;

void wait_for(RecvChan<int> left, RecvChan<int> right) {
  gordian::Select{on_recv(left), on_recv(right)}.run();  // CHECK-DAG: .cc:[[#@LINE]]
}

int main() {
  auto left = gordian::make_chan<int>();
  auto right = gordian::make_chan<int>();
  gordian::go(wait_for, left, right);
  wait_for(right, left);
}
// CHECK: 1 finding
