// SPDX-License-Identifier: Apache-2.0
// Ten goroutines increment a counter, each with its lock and a deferred unlock; whoever reads it takes the lock as
// well.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

class Counter {
 public:
  void increment() {
    mu_.lock();
    GORDIAN_DEFER { mu_.unlock(); };
    ++value_;
  }

  int value() {
    mu_.lock();
    GORDIAN_DEFER { mu_.unlock(); };
    return value_;
  }

 private:
  gordian::Mutex mu_;
  int value_ = 0;  // guarded by mu_
};

Counter counter;

int main() {
  for (int i = 0; i < 10; ++i) {
    gordian::go([] {
      for (int j = 0; j < 1000; ++j) {
        counter.increment();
      }
    });
  }
  gordian::sleep(200ms);  // some time for the goroutines to finish
  std::printf("final counter value: %d\n", counter.value());
}
