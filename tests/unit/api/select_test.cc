// SPDX-License-Identifier: Apache-2.0
// Select, by the Go specification.
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;

class SelectTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(SelectTest);

TEST_P(SelectTest, TakesTheReadyCase) {
  const auto empty = make_chan<int>();
  const auto full = make_chan<int>(1);
  full.send(5);
  int got = 0;
  EXPECT_EQ((Select{on_recv(empty, &got), on_recv(full, &got)}.run()), 1u);
  EXPECT_EQ(got, 5);
}

TEST_P(SelectTest, DefaultWhenNothingIsReady) {
  const auto channel = make_chan<int>();
  bool ran = false;
  EXPECT_EQ((Select{on_default([&] { ran = true; }), on_recv(channel), on_send(channel, 1)}.run()), 0u);
  EXPECT_TRUE(ran);
  EXPECT_EQ((Select{on_recv(channel), on_default()}.run()), 1u);
}

TEST_P(SelectTest, HandlersOfEveryShape) {
  const auto channel = make_chan<int>(3);
  channel << 1 << 2 << 3;
  int with_ok = 0;
  int plain = 0;
  bool called = false;
  Select{on_recv(channel, [&](int value, bool ok) { with_ok = ok ? value : -1; })}.run();
  Select{on_recv(channel, [&](int value) { plain = value; }), on_default()}.run();
  Select{on_recv(channel, [&] { called = true; })}.run();
  EXPECT_EQ(with_ok, 1);
  EXPECT_EQ(plain, 2);
  EXPECT_TRUE(called);
}

TEST_P(SelectTest, ClosedChannelIsReady) {
  const auto channel = make_chan<std::string>();
  channel.close();
  bool was_ok = true;
  Select{on_recv(channel, [&](const std::string&, bool ok) { was_ok = ok; })}.run();
  EXPECT_FALSE(was_ok);
  EXPECT_THROW((Select{on_send(channel, "x"), on_recv(make_chan<int>())}.run()), Panic);
}

TEST_P(SelectTest, VoidChannels) {
  const auto channel = make_chan<void>(1);
  bool sent = false;
  bool was_ok = false;
  EXPECT_EQ((Select{on_send(channel, [&] { sent = true; })}.run()), 0u);
  EXPECT_EQ((Select{on_recv(channel, [&](bool ok) { was_ok = ok; }), on_default()}.run()), 0u);
  EXPECT_TRUE(sent && was_ok);
}

TEST_P(SelectTest, NilCasesAreNeverReady) {
  const Chan<int> nil;
  const auto channel = make_chan<int>(1);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ((Select{on_recv(nil), on_send(channel, i), on_send(nil, 1)}.run()), 1u);
    EXPECT_EQ(channel.recv(), i);
  }
}

TEST_P(SelectTest, AnUnchosenSendKeepsItsValue) {
  const auto blocked = make_chan<std::unique_ptr<int>>();
  auto value = std::make_unique<int>(4);
  EXPECT_EQ((Select{on_send(blocked, std::move(value)), on_default()}.run()), 1u);
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(*value, 4);  // NOLINT(bugprone-use-after-move): that it stayed is what is tested
  const auto open = make_chan<std::unique_ptr<int>>(1);
  Select{on_send(blocked, std::make_unique<int>(1)), on_send(open, std::move(value))}.run();
  EXPECT_EQ(value, nullptr);
  EXPECT_EQ(*open.recv(), 4);
}

TEST_P(SelectTest, ListsMadeAtRunTime) {
  std::vector<Chan<int>> channels;
  std::vector<int> got(3, 0);
  std::vector<SelectCase> cases;
  for (std::size_t i = 0; i < 3; ++i) {
    channels.push_back(make_chan<int>(1));
    cases.emplace_back(on_recv(channels.back(), &got[i]));
  }
  channels[2].send(8);
  EXPECT_EQ(Select{std::span(cases)}.run(), 2u);
  EXPECT_EQ(got[2], 8);
  cases.emplace_back(on_send(channels[0], 3));
  EXPECT_EQ(Select{std::span(cases)}.run(), 3u);
  EXPECT_EQ(channels[0].recv(), 3);
}

TEST_P(SelectTest, ChoosesFairly) {
  const auto left = make_chan<int>(1000);
  const auto right = make_chan<int>(1000);
  for (int i = 0; i < 1000; ++i) {
    left.send(i);
    right.send(i);
  }
  int lefts = 0;
  for (int i = 0; i < 1000; ++i) {
    lefts += (Select{on_recv(left), on_recv(right)}.run()) == 0 ? 1 : 0;
  }
  EXPECT_GT(lefts, 400);
  EXPECT_LT(lefts, 600);
}

TEST_P(SelectTest, ParksUntilOneComes) {
  const auto a = make_chan<int>();
  const auto b = make_chan<std::string>();
  go([b] { b.send("late"); });
  std::string got;
  EXPECT_EQ((Select{on_recv(a), on_recv(b, &got)}.run()), 1u);
  EXPECT_EQ(got, "late");
  EXPECT_EQ((Select{on_recv(a), on_recv(after(2ms))}.run()), 1u);
}

TEST_P(SelectTest, CloseReachesAParkedSelect) {
  const auto a = make_chan<int>();
  const auto b = make_chan<int>();
  const auto outcome = make_chan<std::string>();
  go([=] {
    try {
      Select{on_send(a, 1), on_recv(b)}.run();
      outcome.send("received");
    } catch (const Panic& panic) {
      outcome.send(panic.what());
    }
  });
  until_waiting(1);
  a.close();
  EXPECT_EQ(outcome.recv(), "send on closed channel");
}

TEST_P(SelectTest, HandlersMayThrowAndUseTheChannel) {
  const auto channel = make_chan<int>(1);
  channel.send(1);
  EXPECT_THROW(Select{on_recv(channel,
                              [&](int) {
                                channel.send(2);
                                throw std::runtime_error("handler");
                              })}
                   .run(),
               std::runtime_error);
  EXPECT_EQ(channel.recv(), 2);
}

// Both sides select over the same two channels in both directions: every value must be taken exactly once.
TEST_P(SelectTest, SelectAgainstSelect) {
  const auto a = make_chan<int>();
  const auto b = make_chan<int>();
  constexpr int kRounds = 3000;
  const auto worker = [=](SendChan<std::int64_t> result) {
    std::int64_t balance = 0;
    int sent = 0;
    int received = 0;
    while (sent < kRounds || received < kRounds) {
      const Chan<int> out_a = sent < kRounds ? a : Chan<int>();
      const Chan<int> out_b = sent < kRounds ? b : Chan<int>();
      const Chan<int> in_a = received < kRounds ? a : Chan<int>();
      const Chan<int> in_b = received < kRounds ? b : Chan<int>();
      Select{on_send(out_a, sent, [&] { balance += sent++; }), on_send(out_b, sent, [&] { balance += sent++; }),
             on_recv(in_a, [&](int value) { balance -= value, ++received; }),
             on_recv(in_b, [&](int value) { balance -= value, ++received; })}
          .run();
    }
    result.send(balance);
  };
  const auto results = make_chan<std::int64_t>();
  go(worker, results);
  go(worker, results);
  EXPECT_EQ(results.recv() + results.recv(), 0);
}

}  // namespace
}  // namespace gordian::test
