// SPDX-License-Identifier: Apache-2.0
// Send happens before the receive completes; the receive before the send completes.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

int to = 0;
int back = 0;

int main() {
  auto ball = gordian::make_chan<void>();
  gordian::go([=] {
    back = 1;
    ball.recv();
    ++to;
    ball.recv();
  });
  to = 1;
  ball.send();
  ++back;
  ball.send();
  ++to;
}
