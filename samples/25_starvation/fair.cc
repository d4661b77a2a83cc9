// SPDX-License-Identifier: Apache-2.0
// A price that many look at and one changes, under gordian::RWMutex: as in Go, who wants to read stands behind a writer
// who waits, and a writer waits for those only who read when it came.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <shared_mutex>

using namespace std::chrono_literals;

constexpr int kOld = 100;
gordian::RWMutex mu;
int price = kOld;  // guarded by mu

// How often it drew the old price.
int draw(gordian::WaitGroup& first_drawings) {
  int drawn = 0;
  for (bool is_old = true; is_old && drawn < 100; ++drawn) {
    const std::shared_lock hold(mu);
    if (drawn == 0) {
      first_drawings.done();
    }
    gordian::sleep(15ms);
    is_old = price == kOld;
  }
  return drawn;
}

int main() {
  gordian::WaitGroup first_drawings;
  gordian::WaitGroup viewers;
  for (int i = 0; i < 6; ++i) {
    first_drawings.add(1);
    viewers.go([&] { draw(first_drawings); });
  }
  first_drawings.wait();
  {
    const std::lock_guard hold(mu);
    price = 120;
  }
  viewers.wait();
  std::printf("price %d\n", price);
}
