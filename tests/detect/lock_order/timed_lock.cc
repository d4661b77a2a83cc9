// SPDX-License-Identifier: Apache-2.0
// Opposite orders, but the second request gives up after a while: nobody can wait for ever.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <chrono>

gordian::Mutex a;
gordian::Mutex b;

void take(gordian::Mutex& first, gordian::Mutex& second) {
  first.lock();
  if (second.try_lock_for(std::chrono::milliseconds(20))) {
    second.unlock();
  }
  first.unlock();
}

int main() {
  gordian::WaitGroup both;
  both.go([] { take(a, b); });
  both.go([] { take(b, a); });
  both.wait();
}
