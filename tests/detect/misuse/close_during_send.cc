// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DWAITED %s -o %t.waited
// RUN: %gordian_run 0 %t.waited | FileCheck %s --check-prefix=WAITED
// The send came first this time, and nothing but luck made it so. Waiting for the sender does.
// WAITED: no findings
// CHECK: misuse M1 (close-during-send, potential): nothing orders a send and the close
// CHECK: values: channel
#include "support/step.h"

step::Order order;

int main() {
  auto values = gordian::make_chan<int>(1);
  gordian::WaitGroup sender;
  sender.add(1);
  gordian::go([&] {
    // CHECK-DAG: sends at {{.*}}.cc:[[#@LINE+1]]
    order.at(0, [&] { values.send(1); });
    sender.done();
  });
  order.at(1, [] {});
#ifdef WAITED
  sender.wait();
#endif
  // CHECK-DAG: closes at {{.*}}.cc:[[#@LINE+1]]
  values.close();
  sender.wait();
}
// CHECK: why: the close of a channel must come after every send on it
