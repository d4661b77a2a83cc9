// SPDX-License-Identifier: Apache-2.0
// Two owners close one channel. Subkind: double-close.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: misuse
// CHECK-SAME: close of closed channel
#include <gordian/gordian.h>

int main() {
  auto done = gordian::make_chan<void>();
  gordian::go([=] { done.close(); });
  done.recv();
  done.close();  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
