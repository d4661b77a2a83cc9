// SPDX-License-Identifier: Apache-2.0
// Ten goroutines increment a counter, each with its lock and a deferred unlock. Whoever reads it does without, because
// reading changes nothing: it may still see a value in the middle of its change, or an old one for ever.
#include <gordian/gordian.h>

#include <chrono>
#include <cstdio>

using namespace std::chrono_literals;

class Counter {
 public:
  void increment() {
    mu_.lock();  // [lock]
    GORDIAN_DEFER { mu_.unlock(); };
    ++value_;  // [1] under the lock
  }

  int value() const {
    return value_;  // [2] without
  }

 private:
  gordian::Mutex mu_;
  int value_ = 0;  // guarded by mu_
};

Counter counter;

int main() {
  for (int i = 0; i < 10; ++i) {
    gordian::go([] {  // [go]
      for (int j = 0; j < 1000; ++j) {
        counter.increment();
      }
    });
  }
  gordian::sleep(200ms);  // some time for the goroutines to finish
  std::printf("final counter value: %d\n", counter.value());
}
