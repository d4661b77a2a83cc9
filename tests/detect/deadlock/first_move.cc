// SPDX-License-Identifier: Apache-2.0
// Each receives first what the other would send afterwards: both waits are steps, and closing would not help.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: deadlock
// CHECK: channel b needs a sender or a close, nobody has sent on it so far
// CHECK: channel a needs a sender or a close, nobody has sent on it so far
// CHECK: hint: let one of them send before it receives
#include <gordian/gordian.h>

void answer(gordian::Chan<int> a, gordian::Chan<int> b) {
  const int question = a.recv();
  b.send(question);
}

int main() {
  auto a = gordian::make_chan<int>();
  auto b = gordian::make_chan<int>();
  gordian::go(answer, a, b);
  const int reply = b.recv();
  a.send(reply);
}
