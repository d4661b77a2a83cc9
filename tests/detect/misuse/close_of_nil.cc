// SPDX-License-Identifier: Apache-2.0
// Closing a channel that was never made. Subkind: close-of-nil.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 2 %t | FileCheck %s
// CHECK: misuse
// CHECK-SAME: close of nil channel
#include <gordian/gordian.h>

int main() {
  gordian::Chan<int> never_made;
  never_made.close();  // CHECK-DAG: .cc:[[#@LINE]]
}
// CHECK: 1 finding
