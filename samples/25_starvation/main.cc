// SPDX-License-Identifier: Apache-2.0
// A price that many look at and one changes, under std::shared_mutex. Each viewer keeps the lock while it draws and
// asks for it again at once: somebody always reads, and who brings the new price waits until all have had enough.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>
#include <shared_mutex>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

constexpr int kOld = 100;
std::shared_mutex mu;
int price = kOld;  // guarded by mu

// How often it drew the old price.
int draw(gordian::WaitGroup& first_drawings) {
  int drawn = 0;
  for (bool is_old = true; is_old && drawn < 100; ++drawn) {
    const std::shared_lock hold(mu);  // [1] readers may come in while a writer waits
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
    viewers.emplace_back([&] { draw(first_drawings); });  // [go]
  }
  first_drawings.wait();
  {
    const std::lock_guard hold(mu);  // [2] waits and waits
    price = 120;
  }
  for (std::thread& viewer : viewers) {
    viewer.join();
  }
  std::printf("price %d\n", price);
}
