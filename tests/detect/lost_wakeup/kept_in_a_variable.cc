// SPDX-License-Identifier: Apache-2.0
// The same order, but what is waited for is kept under the lock: who comes late does not wait.
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian_run 0 %t | FileCheck %s
// CHECK: no findings
#include <gordian/gordian.h>

#include <mutex>

#include "support/step.h"

gordian::Mutex mu;
gordian::Cond changed(mu);
bool ready = false;

int main() {
  step::Order order;
  gordian::WaitGroup group;
  group.go([&] {
    order.at(1, [] {});
    const std::scoped_lock guard(mu);
    changed.wait([] { return ready; });
  });
  order.at(0, [] {
    const std::scoped_lock guard(mu);
    ready = true;
    changed.signal();
  });
  group.wait();
}
