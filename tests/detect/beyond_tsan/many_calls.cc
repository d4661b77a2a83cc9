// SPDX-License-Identifier: Apache-2.0
// A million calls lie between the two accesses. ThreadSanitizer keeps the last calls of a thread and has forgotten how
// the first access came about, and with it the race. Here both stacks are complete.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 66 %t | FileCheck %s
// RUN: %gordian_cxx -O1 -DJOINED %s -o %t.joined
// RUN: %gordian_run 0 %t.joined | FileCheck %s --check-prefix=JOINED
// JOINED: no findings
// CHECK: data race {{.*}}balance
#include <thread>

#include "support/step.h"

int balance = 0;
int calls[2] = {};

[[gnu::noinline]] void call(int thread) { ++calls[thread]; }

[[gnu::noinline]] void deposit() {
  balance += 1;  // CHECK-DAG: .cc:[[#@LINE]]
  asm volatile("");
}
[[gnu::noinline]] void open_account() {
  deposit();  // CHECK-DAG: open_account {{.*}}.cc:[[#@LINE]]
  asm volatile("");
}
[[gnu::noinline]] void close_account() {
  balance = 0;  // CHECK-DAG: close_account {{.*}}.cc:[[#@LINE]]
}
[[gnu::noinline]] void make_calls(int thread) {
  for (int count = 0; count < 1'000'000; ++count) {
    call(thread);
  }
}

int main() {
  step::Order order;
  std::thread one([&] {
    order.at(0, [] {
      open_account();
      make_calls(0);
    });
  });
#ifdef JOINED
  one.join();
#endif
  order.at(1, [] {
    make_calls(1);
    close_account();
  });
#ifndef JOINED
  one.join();
#endif
}
// CHECK: 1 finding
