// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// RUN: %gordian analyze --starvation-wait=0 --starvation-bypasses=2 %t.gtrace | FileCheck %s
// RUN: %gordian analyze -v %t.gtrace | FileCheck %s --check-prefix=FIGURES
// RUN: %gordian trace stats %t.gtrace | FileCheck %s --check-prefix=FIGURES
// gordian::RWMutex lets no reader pass a waiting writer: a greedy reader has to wait as well. The figures tell of the
// waits all the same.
// FIGURES: waited for {{ *}}served {{ *}}waits
// FIGURES: RWMutex table
// CHECK: no findings
#include <mutex>
#include <shared_mutex>

#include "support/step.h"

gordian::RWMutex table;
step::Meeting everybody(2);

int main() {
  gordian::WaitGroup readers;
  readers.go([] {
    for (int i = 0; i < 200; ++i) {
      std::shared_lock reading(table);
      if (i == 0) {
        everybody.arrive();
      }
      gordian::yield();
    }
  });
  everybody.arrive();
  for (int i = 0; i < 5; ++i) {
    std::lock_guard writing(table);
    gordian::sleep(std::chrono::microseconds(10));
  }
  readers.wait();
}
