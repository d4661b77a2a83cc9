// SPDX-License-Identifier: Apache-2.0
// Two threads take two mutexes in opposite orders and hang; main waits for them. The program knows nothing of Gordian:
// nobody ends it, and when it is killed the recording names the deadlock. Drawn, its threads are boxes with square
// corners.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_hang %t | FileCheck %s
// RUN: %gordian graph %t.gtrace --kind=wait-for -o %t.svg
// RUN: FileCheck %s --check-prefix=SVG < %t.svg
// RUN: %gordian_cxx -O1 -DIN_ORDER %s -o %t.in_order
// RUN: %gordian_run 0 %t.in_order | FileCheck %s --check-prefix=IN_ORDER
// CHECK: deadlock D1 (all-asleep, observed): 2 threads wait for each other for ever
// IN_ORDER: no findings
// SVG: <title>t2</title>
// SVG-NEXT: thread 2
// SVG-NEXT: <polygon
// SVG: <title>g1</title>
// SVG-NEXT: main
// SVG-NEXT: <path
#define STEP_PLAIN
#include <mutex>
#include <thread>

#include "support/step.h"

std::mutex accounts;
std::mutex audit_log;
step::Meeting both_hold_one(2);

void transfer(std::mutex& first, std::mutex& second) {
  const std::lock_guard one(first);  // CHECK-DAG: mutex accounts is held by thread 2, locked at {{.*}}.cc:[[#@LINE]]
#ifndef IN_ORDER
  both_hold_one.arrive();
#endif
  const std::lock_guard two(second);  // CHECK-DAG: thread 2 waits for mutex audit_log at {{.*}}.cc:[[#@LINE]]
}

int main() {
  std::thread there([] { transfer(accounts, audit_log); });
#ifdef IN_ORDER
  std::thread back([] { transfer(accounts, audit_log); });
#else
  std::thread back([] { transfer(audit_log, accounts); });
#endif
  there.join();
  back.join();
}
// CHECK: every thread is asleep
// CHECK: hint: take the locks in the same order everywhere
// CHECK: 1 finding
