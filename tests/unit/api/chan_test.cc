// SPDX-License-Identifier: Apache-2.0
// Channels, by the Go specification.
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

class ChanTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(ChanTest);

TEST_P(ChanTest, UnbufferedHandsOver) {
  const auto channel = make_chan<int>();
  go([channel] { channel.send(42); });
  EXPECT_EQ(channel.recv(), 42);
}

TEST_P(ChanTest, BufferedKeepsOrder) {
  const auto channel = make_chan<int>(3);
  go([channel] {
    for (int i = 0; i < 1000; ++i) {
      channel.send(i);
    }
    channel.close();
  });
  int expected = 0;
  for (const int value : channel) {
    ASSERT_EQ(value, expected++);
  }
  EXPECT_EQ(expected, 1000);
}

TEST_P(ChanTest, LenAndCap) {
  const auto channel = make_chan<int>(2);
  channel << 1 << 2;
  EXPECT_EQ(channel.len(), 2u);
  EXPECT_FALSE(channel.try_send(3));
  int value = 0;
  value << channel;
  EXPECT_EQ(value, 1);
  EXPECT_EQ(channel.len(), 1u);
}

TEST_P(ChanTest, ClosedDrainsThenYieldsZero) {
  const auto channel = make_chan<int>(2);
  channel.send(7);
  channel.close();
  EXPECT_EQ(channel.recv_ok(), (std::pair{7, true}));
  EXPECT_EQ(channel.recv_ok(), (std::pair{0, false}));
  EXPECT_EQ(channel.next(), std::nullopt);
  int out = 5;
  EXPECT_EQ(channel.try_recv(out), ChanStatus::closed);
  EXPECT_EQ(out, 5);
}

TEST_P(ChanTest, CloseWakesAllReceivers) {
  const auto channel = make_chan<int>();
  WaitGroup group;
  for (int i = 0; i < 10; ++i) {
    group.go([channel] { EXPECT_FALSE(channel.recv_ok().second); });
  }
  until_waiting(10);
  channel.close();
  group.wait();
}

TEST_P(ChanTest, CloseMakesParkedSendersPanic) {
  const auto channel = make_chan<std::string>();
  const auto panics = make_chan<std::string>(3);
  for (int i = 0; i < 3; ++i) {
    go([=] {
      try {
        channel.send(std::string(100, 'x'));
      } catch (const Panic& panic) {
        panics.send(panic.what());
      }
    });
  }
  until_waiting(3);
  channel.close();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(panics.recv(), "send on closed channel");
  }
}

TEST_P(ChanTest, MoveOnlyElements) {
  const auto channel = make_chan<std::unique_ptr<int>>();
  go([channel] {
    for (int i = 0; i < 5; ++i) {
      channel.send(std::make_unique<int>(i));
    }
    channel.close();
  });
  int sum = 0;
  for (auto pointer : channel) {
    sum += *pointer;
  }
  EXPECT_EQ(sum, 10);
}

TEST_P(ChanTest, AFailedTrySendLeavesTheValue) {
  const auto channel = make_chan<std::unique_ptr<int>>();
  auto value = std::make_unique<int>(9);
  EXPECT_FALSE(channel.try_send(std::move(value)));
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(*value, 9);  // NOLINT(bugprone-use-after-move): that it stayed is what is tested
}

struct Counted {
  static inline std::atomic<int> alive{0};
  Counted() { ++alive; }
  Counted(const Counted&) { ++alive; }
  ~Counted() { --alive; }
};

TEST_P(ChanTest, ADyingChannelDestroysWhatIsLeft) {
  {
    const auto channel = make_chan<Counted>(4);
    channel.send(Counted{});
    channel.send(Counted{});
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST_P(ChanTest, VoidChannelsCarryEvents) {
  const auto channel = make_chan<void>(1);
  channel.send();
  EXPECT_FALSE(channel.try_send());
  EXPECT_TRUE(channel.recv_ok());
  EXPECT_EQ(channel.try_recv(), ChanStatus::would_block);
  channel.close();
  EXPECT_FALSE(channel.next());
}

TEST_P(ChanTest, EndsOfVoidChannels) {
  const auto channel = make_chan<void>();
  const SendChan<void> in = channel;
  const RecvChan<void> out = channel;
  go([in] {
    in.send();
    in.close();
  });
  EXPECT_TRUE(out.next());
  out.recv();
  EXPECT_FALSE(out.recv_ok());
  EXPECT_EQ(out.try_recv(), ChanStatus::closed);
  EXPECT_THROW(in.send(), Panic);
  EXPECT_THROW(static_cast<void>(in.try_send()), Panic);
  EXPECT_EQ((Select{on_recv(Chan<void>()), on_recv(out, [](bool ok) { EXPECT_FALSE(ok); })}.run()), 1u);
  EXPECT_EQ(make_chan<void>(3).cap(), 3u);
}

TEST_P(ChanTest, LargeElementsTravelWhole) {
  struct Large {
    int values[100];
  };
  const auto channel = make_chan<Large>();
  go([channel] {
    Large large{};
    large.values[99] = 99;
    channel.send(large);
  });
  EXPECT_EQ(channel.recv().values[99], 99);
}

TEST_P(ChanTest, ReceiverWaitingOnABufferedChannelGetsTheFirst) {
  const auto channel = make_chan<int>(8);
  const auto results = make_chan<int>(1);
  go([=] { results.send(channel.recv()); });
  until_waiting(1);
  channel.send(1);
  channel.send(2);
  EXPECT_EQ(results.recv(), 1);
  EXPECT_EQ(channel.recv(), 2);
}

// Every value arrives exactly once, with many on both sides: a lost wake-up would hang, a double one would miscount.
TEST_P(ChanTest, ManyProducersManyConsumers) {
  for (const int capacity : {0, 1, 7}) {
    const auto channel = make_chan<int>(capacity);
    const auto sums = make_chan<std::int64_t>(4);
    WaitGroup producers;
    for (int p = 0; p < 4; ++p) {
      producers.go([channel, p] {
        for (int i = 0; i < 1000; ++i) {
          channel.send(p * 1000 + i);
        }
      });
    }
    for (int c = 0; c < 4; ++c) {
      go([=] {
        std::int64_t sum = 0;
        for (const int value : channel) {
          sum += value;
        }
        sums.send(sum);
      });
    }
    producers.wait();
    channel.close();
    std::int64_t total = 0;
    for (int c = 0; c < 4; ++c) {
      total += sums.recv();
    }
    EXPECT_EQ(total, std::int64_t{4000} * 3999 / 2);
  }
}

TEST_P(ChanTest, SieveOfGoroutines) {
  const auto filter = [](RecvChan<int> in, SendChan<int> out, int prime) {
    for (const int n : in) {
      if (n % prime != 0) {
        out.send(n);
      }
    }
    out.close();
  };
  auto numbers = make_chan<int>();
  go([numbers] {
    for (int n = 2; n < 200; ++n) {
      numbers.send(n);
    }
    numbers.close();
  });
  RecvChan<int> in = numbers;
  std::vector<int> primes;
  while (const auto prime = in.next()) {
    primes.push_back(*prime);
    const auto out = make_chan<int>();
    go(filter, in, SendChan<int>(out), *prime);
    in = out;
  }
  EXPECT_EQ(primes.size(), 46u);
  EXPECT_EQ(primes.back(), 199);
}

}  // namespace
}  // namespace gordian::test
