// SPDX-License-Identifier: Apache-2.0
// Timers and tickers, by package time of go1.23: channels that look unbuffered, no stale values after stop and reset.
// Nothing here depends on how long something takes, only on what has happened when a later timer went off.
#include <atomic>
#include <string>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;

class TimerTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(TimerTest);

bool is_empty(const RecvChan<std::chrono::steady_clock::time_point>& channel) {
  std::chrono::steady_clock::time_point value;
  return channel.try_recv(value) == ChanStatus::would_block;
}

// Waits until everything is over that was due before now.
void let_pass(std::chrono::milliseconds d) { after(d).recv(); }

TEST_P(TimerTest, SendsTheTimeOnce) {
  const auto start = std::chrono::steady_clock::now();
  const Timer timer(2ms);
  EXPECT_EQ(timer.channel().cap(), 0u);
  EXPECT_GE(timer.channel().recv() - start, 2ms);
  EXPECT_FALSE(timer.stop());
  EXPECT_TRUE(is_empty(timer.channel()));
}

TEST_P(TimerTest, AStoppedTimerNeverSends) {
  const Timer timer(1h);
  EXPECT_TRUE(timer.stop());
  EXPECT_FALSE(timer.stop());
  EXPECT_TRUE(is_empty(timer.channel()));
}

TEST_P(TimerTest, NoStaleValueAfterStop) {
  const Timer timer(0ms);
  let_pass(2ms);  // it has gone off, nobody has received
  EXPECT_EQ(timer.channel().len(), 0u);
  EXPECT_TRUE(timer.stop());
  EXPECT_TRUE(is_empty(timer.channel()));
  EXPECT_FALSE(timer.stop());
}

TEST_P(TimerTest, NoStaleValueAfterReset) {
  const Timer timer(0ms);
  let_pass(2ms);
  EXPECT_TRUE(timer.reset(1h));
  EXPECT_TRUE(is_empty(timer.channel()));
  const auto again = std::chrono::steady_clock::now();
  EXPECT_TRUE(timer.reset(1ms));
  EXPECT_GE(timer.channel().recv() - again, 1ms);
  EXPECT_FALSE(timer.reset(1h));
}

TEST_P(TimerTest, StopAndResetRaceWithTheClock) {
  const Timer timer(1h);
  for (int i = 0; i < 500; ++i) {
    timer.reset(std::chrono::microseconds(i % 20));
    if (i % 3 == 0) {
      timer.stop();
      ASSERT_TRUE(is_empty(timer.channel()));
    } else {
      yield();
    }
  }
  timer.reset(0ms);
  timer.channel().recv();
  EXPECT_TRUE(is_empty(timer.channel()));
}

TEST_P(TimerTest, ChannelsOutliveTheirTimers) {
  RecvChan<std::chrono::steady_clock::time_point> channel;
  {
    const Timer timer(1ms);
    channel = timer.channel();
  }
  channel.recv();
  static_cast<void>(Timer(1h));  // nobody can receive: it is gone
}

TEST_P(TimerTest, AfterFuncCallsInAGoroutineOfItsOwn) {
  const auto called = make_chan<std::string>();
  const Timer alarm = after_func(1ms, [called] { called.send("called"); });
  EXPECT_TRUE(alarm.channel() == nullptr);
  EXPECT_EQ(called.recv(), "called");
  EXPECT_FALSE(alarm.stop());
  EXPECT_FALSE(alarm.reset(0ms));
  EXPECT_EQ(called.recv(), "called");
  after_func(0ms, [called] { called.send("without a handle"); });
  EXPECT_EQ(called.recv(), "without a handle");
}

TEST_P(TimerTest, AStoppedCallIsNotMade) {
  std::atomic<int> calls{0};
  for (int i = 0; i < 200; ++i) {
    const Timer alarm = after_func(std::chrono::microseconds(i % 10), [&calls] { ++calls; });
    yield();
    if (alarm.stop()) {
      ++calls;  // instead of the one that was prevented
    }
  }
  while (calls < 200) {
    yield();
  }
  let_pass(2ms);
  EXPECT_EQ(calls, 200);
}

TEST_P(TimerTest, ATickerTicksUntilItIsStopped) {
  const Ticker ticker(1ms);
  auto last = ticker.channel().recv();
  for (int i = 0; i < 3; ++i) {
    const auto next = ticker.channel().recv();
    EXPECT_GT(next, last);
    last = next;
  }
  ticker.stop();
  EXPECT_TRUE(is_empty(ticker.channel()));
  let_pass(3ms);
  EXPECT_TRUE(is_empty(ticker.channel()));
  ticker.reset(1ms);
  ticker.channel().recv();
  ticker.stop();
}

TEST_P(TimerTest, SlowReceiversMissTicks) {
  const Ticker ticker(1ms);
  let_pass(10ms);
  ticker.channel().recv();
  let_pass(0ms);
  ticker.stop();
  EXPECT_TRUE(is_empty(ticker.channel()));
}

TEST_P(TimerTest, TickAndItsEdges) {
  const auto ticks = tick(1ms);
  ticks.recv();
  ticks.recv();
  EXPECT_TRUE(tick(0ms) == nullptr);
  const auto text_of = [](auto make) -> std::string {
    try {
      make();
    } catch (const Panic& panic) {
      return panic.what();
    }
    return "no panic";
  };
  EXPECT_EQ(text_of([] { Ticker ticker(0ms); }), "non-positive interval for NewTicker");
  const Ticker ticker(1h);
  EXPECT_EQ(text_of([&] { ticker.reset(-1ms); }), "non-positive interval for Ticker.Reset");
}

TEST_P(TimerTest, SelectsTakeThem) {
  const auto never = make_chan<int>();
  const Timer timer(1ms);
  EXPECT_EQ((Select{on_recv(never), on_recv(timer.channel())}.run()), 1u);
  timer.reset(0ms);
  let_pass(1ms);
  EXPECT_EQ((Select{on_recv(timer.channel()), on_default()}.run()), 0u);
  EXPECT_EQ((Select{on_recv(timer.channel()), on_default()}.run()), 1u);
}

}  // namespace
}  // namespace gordian::test
