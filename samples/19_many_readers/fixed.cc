// SPDX-License-Identifier: Apache-2.0
// A price list with many readers and a lock that lets them in together: each waits inside until all three are. One
// writer changes a price when they have gone. Readers that only read need no more.
#include <gordian/gordian.h>

#include <cstdio>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

constexpr int kReaders = 3;

gordian::RWMutex mu;
std::map<std::string, int> prices = {{"bread", 320}, {"milk", 119}};  // guarded by mu

int price_of(const std::string& item, gordian::WaitGroup& inside) {
  std::shared_lock reading(mu);
  inside.done();
  inside.wait();
  return prices.at(item);
}

int main() {
  gordian::WaitGroup inside;
  gordian::WaitGroup done;
  inside.add(kReaders);
  for (int i = 0; i < kReaders; ++i) {
    done.go([&inside] { std::printf("bread %d\n", price_of("bread", inside)); });
  }
  done.wait();
  done.go([] {
    std::lock_guard writing(mu);
    prices["bread"] = 340;
  });
  done.wait();
  std::shared_lock reading(mu);
  std::printf("bread now %d\n", prices.at("bread"));
}
