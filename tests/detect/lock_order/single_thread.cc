// SPDX-License-Identifier: Apache-2.0
// One goroutine alone cannot deadlock with itself over two locks.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <mutex>

gordian::Mutex a;
gordian::Mutex b;

int main() {
  {
    std::lock_guard hold_a(a);
    std::lock_guard hold_b(b);
  }
  std::lock_guard hold_b(b);
  std::lock_guard hold_a(a);
}
