// SPDX-License-Identifier: Apache-2.0
// The bytes that io::read writes and io::write reads are accesses like any others: as many as were moved.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// CHECK-DAG: data race {{.*}}: sent[3] is read and written
// CHECK-DAG: data race {{.*}}: received[3] is written by both
#include <gordian/gordian.h>
#include <unistd.h>

#include "support/step.h"

namespace io = gordian::io;

char received[16];
char sent[16];

int main() {
  int ends[2];
  if (pipe(ends) != 0) {
    return 1;
  }
  step::Order order;
  gordian::WaitGroup group;
  group.go([&] {
    order.at(0, [&] { (void)io::write(ends[1], sent, 4); });                    // CHECK-DAG: .cc:[[#@LINE]]
    order.at(2, [&] { (void)io::read(ends[0], received, sizeof(received)); });  // CHECK-DAG: .cc:[[#@LINE]]
  });
  group.go([&] {
    order.at(1, [&] {
      sent[3] = 1;      // CHECK-DAG: .cc:[[#@LINE]]
      sent[4] = 1;      // was not sent
      received[3] = 1;  // CHECK-DAG: .cc:[[#@LINE]]
      received[4] = 1;  // will not be received
    });
  });
  group.wait();
}
// CHECK: 2 findings
