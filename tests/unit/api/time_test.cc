// SPDX-License-Identifier: Apache-2.0
// sleep and after; timers are in timer_test.cc.
#include <vector>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;

class TimeTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(TimeTest);

TEST_P(TimeTest, SleepersWakeInOrder) {
  const auto woken = make_chan<int>(5);
  for (const int n : {4, 1, 3, 0, 2}) {
    go([woken, n] {
      sleep(n * 20ms);
      woken.send(n);
    });
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(woken.recv(), i);
  }
}

TEST_P(TimeTest, SleepLastsAtLeastThatLong) {
  const auto start = std::chrono::steady_clock::now();
  sleep(3ms);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 3ms);
  sleep(-1ms);
  sleep(0ns);
}

TEST_P(TimeTest, AfterSendsTheTimeOnce) {
  const auto start = std::chrono::steady_clock::now();
  const auto channel = after(2ms);
  const auto when = channel.recv();
  EXPECT_GE(when - start, 2ms);
  EXPECT_EQ(channel.len(), 0u);
}

TEST_P(TimeTest, ManyTimers) {
  WaitGroup group;
  for (int i = 0; i < 500; ++i) {
    group.go([i] { sleep(std::chrono::microseconds((i * 37) % 1000)); });
  }
  group.wait();
}

}  // namespace
}  // namespace gordian::test
