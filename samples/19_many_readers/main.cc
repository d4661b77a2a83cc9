// SPDX-License-Identifier: Apache-2.0
// A price list with many readers and a lock that lets them in together. One of the readers also counts how often it was
// asked: a write, under a lock that keeps no other reader out.
#include <gordian/gordian.h>

#include <cstdio>
#include <map>
#include <shared_mutex>
#include <string>

gordian::RWMutex mu;
const std::map<std::string, int> prices = {{"bread", 320}, {"milk", 119}};
int asked = 0;  // guarded by mu, they say

int price_of(const std::string& item) {
  std::shared_lock reading(mu);  // [lock]
  ++asked;                       // [1] by every reader at once
  return prices.at(item);
}

int main() {
  gordian::WaitGroup done;
  for (const char* item : {"bread", "milk"}) {
    done.go([item] { std::printf("%s %d\n", item, price_of(item)); });  // [go]
  }
  done.wait();
  std::printf("asked %d times\n", asked);
}
