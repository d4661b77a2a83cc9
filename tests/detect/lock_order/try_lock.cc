// SPDX-License-Identifier: Apache-2.0
// A try_lock never waits, so it closes no circle.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <mutex>

gordian::Mutex a;
gordian::Mutex b;

int main() {
  gordian::WaitGroup done;
  done.go([] {
    std::lock_guard hold_a(a);
    std::lock_guard hold_b(b);
  });
  done.go([] {
    std::lock_guard hold_b(b);
    if (a.try_lock()) {
      a.unlock();
    }
  });
  done.wait();
}
