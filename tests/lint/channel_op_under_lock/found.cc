// SPDX-License-Identifier: Apache-2.0
// Channel operations that may block under a lock. Advice only: the exit status stays 0.
// RUN: %lint --checks=channel-op-under-lock %s -- %headers | FileCheck %s
#include <gordian/gordian.h>

#include <mutex>

gordian::Mutex mu;
gordian::RWMutex table;
int latest = 0;

void publish(gordian::SendChan<int> prices, int price) {
  // CHECK: :[[#@LINE+3]]:3: remark: this send may block while 'mu' is held [gordian-channel-op-under-lock]
  // CHECK: :[[#@LINE+1]]:20: note: 'mu' is taken here
  std::scoped_lock hold(mu);
  prices.send(price);
}

void drain(gordian::RecvChan<int> prices) {
  std::unique_lock lock(mu);
  // CHECK: :[[#@LINE+1]]:3: remark: this receive may block while 'mu' is held
  for (int price : prices) {
    latest = price;
  }
}

int take(gordian::Chan<int> prices) {
  table.lock_shared();
  int price = 0;
  // CHECK: :[[#@LINE+1]]:3: remark: this receive may block while 'table' is held
  price << prices;
  table.unlock_shared();
  return price;
}

void choose(gordian::Chan<int> a, gordian::Chan<int> b) {
  std::lock_guard guard(mu);
  if (latest > 0) {
    // CHECK: :[[#@LINE+1]]:5: remark: this select may block while 'mu' is held
    gordian::Select{gordian::on_recv(a, &latest), gordian::on_send(b, 1)}.run();
  }
}
// CHECK-NOT: remark:
