// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DTOLD %s -o %t.told
// RUN: %gordian_run 0 %t.told | FileCheck %s --check-prefix=TOLD
// Two wait for the first round, and main begins the second one without asking whether the other has come back: it could
// be late, and wait for both. In the twin the other says that it is back.
// TOLD: no findings
// CHECK: misuse M1 (waitgroup-reused, potential): an add() begins the next round
// CHECK: round: WaitGroup
#include "support/step.h"

step::Order order;

int main() {
  gordian::WaitGroup round, back, end;
  round.add(1);
  back.add(1);
  end.add(2);
  gordian::go([&] {
    // CHECK-DAG: waits at {{.*}}.cc:[[#@LINE+1]]
    round.wait();
    order.at(0, [] {});
#ifdef TOLD
    back.done();
#endif
    end.done();
  });
  round.done();
  round.wait();
  order.at(1, [] {});
#ifdef TOLD
  back.wait();
#endif
  // CHECK-DAG: adds at {{.*}}.cc:[[#@LINE+1]]
  round.add(1);
  gordian::go([&] {
    round.done();
    end.done();
  });
  round.wait();
  end.wait();
}
// CHECK: why: a WaitGroup may be used again only when all wait() calls of the round before have returned
