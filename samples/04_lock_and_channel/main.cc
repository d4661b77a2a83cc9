// SPDX-License-Identifier: Apache-2.0
// A publisher keeps the lock of the latest price while it sends; the reader takes the same lock between two receives.
// After the first price each needs what the other has: a lock on one side, a channel on the other.
#include <gordian/gordian.h>

#include <cstdio>
#include <mutex>

gordian::Mutex mu;
int latest = 0;  // guarded by mu

void publish(gordian::SendChan<int> prices) {
  std::lock_guard hold(mu);  // [lock] kept while sending
  for (int price : {101, 102, 103}) {
    latest = price;
    prices.send(price);  // [send] waits for the reader
  }
  prices.close();
}

int main() {
  auto prices = gordian::make_chan<int>();
  gordian::go(publish, prices);  // [go]
  for (int price : prices) {
    std::lock_guard hold(mu);  // [read] waits for the publisher
    std::printf("%d, latest %d\n", price, latest);
  }
}
