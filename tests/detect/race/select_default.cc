// SPDX-License-Identifier: Apache-2.0
// A select that took its default has waited for nobody.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK: data race
// CHECK-SAME: answer
#include <gordian/gordian.h>

int answer = 0;

int main() {
  auto ready = gordian::make_chan<void>();
  gordian::go([=] {
    answer = 1;  // CHECK-DAG: .cc:[[#@LINE]]
    ready.send();
  });
  gordian::Select{gordian::on_recv(gordian::RecvChan<void>{}), gordian::on_default()}.run();
  const int seen = answer;  // CHECK-DAG: .cc:[[#@LINE]]
  ready.recv();
  return seen == -1 ? 1 : 0;
}
// CHECK: 1 finding
