// SPDX-License-Identifier: Apache-2.0
// A publisher and a reader share the latest price under a lock that neither keeps while it waits for the other.
#include <gordian/gordian.h>

#include <cstdio>
#include <mutex>

gordian::Mutex mu;
int latest = 0;  // guarded by mu

void publish(gordian::SendChan<int> prices) {
  for (int price : {101, 102, 103}) {
    {
      std::lock_guard hold(mu);
      latest = price;
    }
    prices.send(price);
  }
  prices.close();
}

int main() {
  auto prices = gordian::make_chan<int>();
  gordian::go(publish, prices);
  for (int price : prices) {
    std::lock_guard hold(mu);
    std::printf("%d, latest %d\n", price, latest);
  }
}
