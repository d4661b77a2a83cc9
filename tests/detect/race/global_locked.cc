// SPDX-License-Identifier: Apache-2.0
// The same under a mutex.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <mutex>

gordian::Mutex mu;
int hits = 0;

void serve() {
  std::lock_guard hold(mu);
  ++hits;
}

int main() {
  gordian::WaitGroup served;
  served.go(serve);
  served.go(serve);
  served.wait();
}
