// SPDX-License-Identifier: Apache-2.0
// Goroutines take turns on a thread and use its thread-local variables: one thread does one thing after the other.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: env GORDIAN_MAXPROCS=1 %gordian_run 0 %t | FileCheck %s
// RUN: env GORDIAN_MAXPROCS=4 %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <random>

thread_local std::mt19937 generator(42);
thread_local long drawn;

int main() {
  gordian::WaitGroup done;
  for (int worker = 0; worker < 8; ++worker) {
    done.go([] {
      for (int i = 0; i < 20; ++i) {
        drawn += static_cast<long>(generator() % 7);
        gordian::yield();
      }
    });
  }
  drawn += 1;
  done.wait();
}
