// SPDX-License-Identifier: Apache-2.0
// The receiver closed what the sender still sends to. Subkind: send-on-closed.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: misuse
// CHECK-SAME: send on closed channel
#include <gordian/gordian.h>

int main() {
  auto jobs = gordian::make_chan<int>(1);
  jobs.close();
  jobs.send(1);  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
