// SPDX-License-Identifier: Apache-2.0
// The same two locks in one order: whoever comes second waits, and then goes on.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <mutex>

gordian::Mutex a;
gordian::Mutex b;

void both() {
  std::lock_guard hold_a(a);
  std::lock_guard hold_b(b);
  gordian::yield();
}

int main() {
  gordian::WaitGroup done;
  for (int i = 0; i < 3; ++i) {
    done.go(both);
  }
  done.wait();
}
