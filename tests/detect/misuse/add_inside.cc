// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DTOO_LATE %s -o %t.late
// RUN: %gordian_run 66 %t.late | FileCheck %s --check-prefix=LATE
// RUN: %gordian_cxx -O1 -DBEFORE %s -o %t.before
// RUN: %gordian_run 0 %t.before | FileCheck %s --check-prefix=BEFORE
// add() inside the goroutine that it counts: the wait may come first. In the second program it does; in the third one
// add() stands before the go statement.
// CHECK: misuse M1 (waitgroup-add-during-wait, potential): nothing orders an add() from zero and a wait()
// LATE: misuse M1 (waitgroup-add-during-wait, observed): a wait() returned before the first add()
// BEFORE: no findings
#include "support/step.h"

step::Order order;
#ifdef TOO_LATE
constexpr int kAdd = 1, kWait = 0;
#else
constexpr int kAdd = 0, kWait = 1;
#endif

int main() {
  gordian::WaitGroup all;
  gordian::WaitGroup over;
  over.add(1);
#ifdef BEFORE
  all.add(1);
#endif
  gordian::go([&] {
#ifndef BEFORE
    order.at(kAdd, [&] {
      // CHECK-DAG: adds at {{.*}}.cc:[[#@LINE+1]]
      all.add(1);
    });
#else
    order.at(kAdd, [] {});
#endif
    all.done();
    over.done();
  });
  order.at(kWait, [&] {
    // CHECK-DAG: waits at {{.*}}.cc:[[#@LINE+1]]
    all.wait();
  });
  over.wait();
}
