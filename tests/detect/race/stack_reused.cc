// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DTOO_LATE %s -o %t.late
// RUN: %gordian_run 66 %t.late | FileCheck %s
// RUN: %gordian_cxx -O1 -DWAITED %s -o %t.waited
// RUN: %gordian_run 0 %t.waited | FileCheck %s --check-prefix=WAITED
// RUN: %gordian_cxx -O1 -DTHREAD %s -o %t.thread
// RUN: %gordian_run 66 %t.thread | FileCheck %s --check-prefix=THREAD
// A goroutine, and a thread, lends a variable on its stack to another one, and ends: the stack is the next one's then.
// CHECK: data race R1 (race-with-stack-reuse, observed): {{.*}} is on the stack of g{{[0-9]+}}, which ends while g
// CHECK-DAG: g{{[0-9]+}} ends, created at main stack_reused.cc
// CHECK-DAG: hint: let g{{[0-9]+}} wait for g{{[0-9]+}} before it returns, or keep {{.*}} where it outlives both
// THREAD: (race-with-stack-reuse, observed): {{.*}} is on the stack of thread {{[0-9]+}}{{.*}}, which ends while thread
// WAITED: no findings
#include <thread>

#include "support/step.h"

step::Order order;
gordian::WaitGroup all;
#ifdef TOO_LATE
constexpr int kUse = 2, kEnd = 1;
#else
constexpr int kUse = 1, kEnd = 2;
#endif

void use(int& total) {
  order.at(0, [] {});  // it has a stack of its own
  order.at(kUse, [&] {
    total = 7;  // CHECK-DAG: writes at {{.*}}.cc:[[#@LINE]]
  });
}

#ifdef THREAD
void lend(std::thread& user) {
  int total = 0;
  user = std::thread([&total] { use(total); });
  order.at(kEnd, [] {});
}

int main() {
  std::thread user;
  std::thread lender(lend, std::ref(user));
  lender.join();
  user.join();
}
#else
void lend() {
  int total = 0;
  gordian::WaitGroup used;
  used.add(1);
  all.add(1);
  gordian::go([&] {
    use(total);
#ifdef WAITED
    used.done();
#endif
    all.done();
  });
#ifdef WAITED
  used.wait();
#endif
  order.at(kEnd, [&] { all.done(); });
}

int main() {
  all.add(1);
  gordian::go(lend);
  all.wait();
}
#endif
