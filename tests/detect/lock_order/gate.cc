// SPDX-License-Identifier: Apache-2.0
// Opposite orders, but always under a third lock.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <mutex>

gordian::Mutex gate;
gordian::Mutex a;
gordian::Mutex b;

int main() {
  gordian::WaitGroup done;
  done.go([] {
    std::lock_guard hold_gate(gate);
    std::lock_guard hold_a(a);
    std::lock_guard hold_b(b);
  });
  done.go([] {
    std::lock_guard hold_gate(gate);
    std::lock_guard hold_b(b);
    std::lock_guard hold_a(a);
  });
  done.wait();
}
