// SPDX-License-Identifier: Apache-2.0
// The go statement: arguments, many goroutines, yield, goexit.
#include <unistd.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

class GoTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(GoTest);

TEST_P(GoTest, ArgumentsAreCopiedOrMovedIn) {
  const auto done = make_chan<std::string>();
  std::string text = "copied";
  go([](std::string a, std::unique_ptr<int> b, SendChan<std::string> out) { out.send(a + std::to_string(*b)); }, text,
     std::make_unique<int>(7), done);
  text = "changed";
  EXPECT_EQ(done.recv(), "copied7");
}

TEST_P(GoTest, LargeClosures) {
  struct Large {
    char bytes[1000];
  } large{};
  large.bytes[999] = 'z';
  const auto done = make_chan<char>();
  go([large, done] { done.send(large.bytes[999]); });
  EXPECT_EQ(done.recv(), 'z');
}

TEST_P(GoTest, SpawnsTenThousand) {
  WaitGroup group;
  std::atomic<int> ran{0};
  group.add(10000);
  for (int i = 0; i < 10000; ++i) {
    go([&] {
      ran.fetch_add(1, std::memory_order_relaxed);
      group.done();
    });
  }
  group.wait();
  EXPECT_EQ(ran, 10000);
}

TEST_P(GoTest, TenThousandParkedAtOnce) {
  const auto gate = make_chan<void>();
  WaitGroup group;
  for (int i = 0; i < 10000; ++i) {
    group.go([gate] { gate.recv(); });
  }
  EXPECT_EQ(num_goroutine(), 10001);
  until_waiting(10000);
  gate.close();
  EXPECT_EQ(num_waiting(), 0) << "woken, though perhaps not yet run";
  group.wait();
}

TEST_P(GoTest, YieldLetsOthersRun) {
  std::atomic<bool> set{false};
  go([&] { set = true; });
  while (!set) {
    yield();
  }
  SUCCEED();
}

TEST_P(GoTest, GoexitRunsDeferredCalls) {
  const auto done = make_chan<int>(2);
  go([done] {
    const Defer last([done] { done.send(2); });
    GORDIAN_DEFER { done.send(1); };
    goexit();
  });
  EXPECT_EQ(done.recv(), 1);
  EXPECT_EQ(done.recv(), 2);
}

TEST_P(GoTest, PlainThreadsTakePart) {
  const auto to_goroutine = make_chan<int>();
  const auto to_thread = make_chan<int>();
  go([=] {
    for (const int value : to_goroutine) {
      to_thread.send(value + 1);
    }
    to_thread.close();
  });
  int got = 0;
  std::thread thread([&, to_goroutine, to_thread] {
    for (int i = 0; i < 100; ++i) {
      to_goroutine.send(got);
      got = to_thread.recv();
    }
    to_goroutine.close();
    go([] {});
  });
  thread.join();
  EXPECT_EQ(got, 100);
}

TEST_P(GoTest, DeepStacks) {
  struct Recurse {
    static int down(int depth) {
      volatile char page[1000] = {};
      page[0] = static_cast<char>(depth);
      return depth == 0 ? page[0] : 1 + down(depth - 1);
    }
  };
  const auto done = make_chan<int>();
  go([done] { done.send(Recurse::down(200)); });
  EXPECT_EQ(done.recv(), 200);
  go(GoOptions{.stack_bytes = 4 << 20}, [done] { done.send(Recurse::down(3000)); });
  EXPECT_EQ(done.recv(), 3000);
}

// With one worker the reader's thread blocks in the pipe: the writer runs only because the turn was lent.
TEST_P(GoTest, BlockingCallsLendTheirTurn) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const auto done = make_chan<char>();
  go([&, done] {
    done.send(blocking([&] {
      char byte = 0;
      return ::read(pipe[0], &byte, 1) == 1 ? byte : '?';
    }));
  });
  go([&] { static_cast<void>(::write(pipe[1], "x", 1) == 1); });
  EXPECT_EQ(done.recv(), 'x');
  EXPECT_THROW(blocking([] { throw std::runtime_error("inside"); }), std::runtime_error);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_P(GoTest, MaxProcsCanBeAskedAndChanged) {
  EXPECT_EQ(set_max_procs(0), GetParam());
  EXPECT_EQ(set_max_procs(3), GetParam());
  EXPECT_EQ(set_max_procs(GetParam()), 3);
}

TEST_P(GoTest, AThrowingCopyStartsNothing) {
  struct Throws {
    Throws() = default;
    Throws(const Throws&) { throw std::runtime_error("copy"); }
    void operator()() const {}
  };
  const Throws throws;
  const std::size_t before = num_goroutine();
  EXPECT_THROW(go(throws), std::runtime_error);
  EXPECT_EQ(num_goroutine(), before);
}

}  // namespace
}  // namespace gordian::test
