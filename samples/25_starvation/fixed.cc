// SPDX-License-Identifier: Apache-2.0
// A price that many look at and one changes. The one who changes it waits for the lock for a limited time; when that is
// over it asks the viewers to pause, and tries again.
#include <gordian/gordian.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <shared_mutex>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

constexpr int kOld = 100;
std::shared_timed_mutex mu;
int price = kOld;  // guarded by mu
std::atomic<bool> pause_please = false;

// How often it drew the old price.
int draw(gordian::WaitGroup& first_drawings) {
  int drawn = 0;
  for (bool is_old = true; is_old && drawn < 100; ++drawn) {
    while (pause_please) {
      gordian::sleep(1ms);
    }
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
  std::vector<std::thread> viewers;
  for (int i = 0; i < 6; ++i) {
    first_drawings.add(1);
    viewers.emplace_back([&] { draw(first_drawings); });
  }
  first_drawings.wait();
  while (!mu.try_lock_for(50ms)) {
    pause_please = true;
  }
  price = 120;
  mu.unlock();
  pause_please = false;
  for (std::thread& viewer : viewers) {
    viewer.join();
  }
  std::printf("price %d\n", price);
}
