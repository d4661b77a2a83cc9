// SPDX-License-Identifier: Apache-2.0
// RUN: %gordian_cxx -O1 %s -o %t
// RUN: %gordian run -q -o %t.gtrace --starvation-wait=600000 -- %t | FileCheck %s --check-prefix=SHORT
// RUN: not %gordian analyze --starvation-wait=0 %t.gtrace | FileCheck %s
// RUN: not %gordian analyze --starvation-wait=0 --format=json %t.gtrace | FileCheck %s --check-prefix=JSON
// RUN: %gordian analyze --starvation-wait=0 --starvation-bypasses=1000 %t.gtrace | FileCheck %s --check-prefix=SHORT
// std::shared_mutex lets readers in while a writer waits: two that overlap keep it out for as long as they go on. A
// wait that is shorter than the limit, or that fewer others passed, is no finding. SHORT: no findings
#include <shared_mutex>
#include <thread>

#include "support/asleep.h"

std::shared_mutex table;
step::Sleeper writer_waits;
step::Order order;

constexpr int kRounds = 60;

void update() {
  writer_waits.announce();
  // CHECK: starvation V1 (served-late, observed): {{.*}} update waits to write-lock RWMutex table{{.*}}, while others who ask later are served {{1[0-9][0-9]}} times
  // CHECK: table: RWMutex, declared at {{.*}}.cc:14
  // CHECK: update waits at {{.*}}.cc:[[#@LINE+1]]
  table.lock();
  table.unlock();
}

// Lets go only when somebody else reads as well.
void renew() {
  table.unlock_shared();
  table.lock_shared();
}

// CHECK: why: the lock goes to whoever comes at the right moment
// CHECK: hint: {{.*}}gordian::RWMutex
// JSON: "kind": "starvation"
// JSON: "bypasses": {{1|2}}
// JSON: "contention": [
int main() {
  table.lock_shared();
  std::thread writer(update);
  writer_waits.await();
  gordian::sleep(std::chrono::microseconds(1));  // so that the trace knows that all that follows is later
  std::thread other([] {
    order.at(0, [] { table.lock_shared(); });
    for (int i = 1; i < kRounds; ++i) {
      order.at(2 * i, renew);
    }
    table.unlock_shared();
  });
  for (int i = 0; i < kRounds; ++i) {
    order.at(2 * i + 1, renew);
  }
  table.unlock_shared();
  other.join();
  writer.join();
}
