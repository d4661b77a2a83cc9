// SPDX-License-Identifier: Apache-2.0
// ErrGroup, Semaphore, SingleFlight, Backoff, by golang.org/x/sync.
#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;

class GroupTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(GroupTest);

TEST_P(GroupTest, WaitThrowsTheFirstError) {
  ErrGroup group;
  std::atomic<int> cancelled{0};
  for (int i = 0; i < 5; ++i) {
    group.go([&, ctx = group.context()] {
      ctx.done().recv();
      ++cancelled;
      throw std::runtime_error("late");
    });
  }
  group.go([] { throw std::runtime_error("first"); });
  try {
    group.wait();
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "first");
  }
  EXPECT_EQ(cancelled, 5);
}

TEST_P(GroupTest, WithoutErrors) {
  const auto [parent, cancel] = with_cancel(background());
  ErrGroup group(parent);
  std::atomic<int> ran{0};
  for (int i = 0; i < 10; ++i) {
    group.go([&] { ++ran; });
  }
  EXPECT_EQ(group.context().err(), ContextError::none);
  group.wait();
  EXPECT_EQ(ran, 10);
  EXPECT_EQ(group.context().err(), ContextError::canceled);
  EXPECT_EQ(parent.err(), ContextError::none);
  cancel();
}

TEST_P(GroupTest, Limits) {
  ErrGroup group;
  group.set_limit(2);
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  for (int i = 0; i < 20; ++i) {
    group.go([&] {
      const int running = ++now;
      for (int seen = most; seen < running && !most.compare_exchange_weak(seen, running);) {
      }
      yield();
      --now;
    });
  }
  group.wait();
  EXPECT_LE(most, 2);
  const auto gate = make_chan<void>();
  ErrGroup small;
  small.set_limit(1);
  EXPECT_TRUE(small.try_go([gate] { gate.recv(); }));
  EXPECT_FALSE(small.try_go([] { FAIL(); }));
  EXPECT_THROW(small.set_limit(3), Panic);
  gate.close();
  small.wait();
}

TEST_P(GroupTest, SemaphoreLimits) {
  Semaphore slots(3);
  std::atomic<int> now{0};
  std::atomic<bool> too_many{false};
  WaitGroup group;
  for (int i = 0; i < 12; ++i) {
    group.go([&] {
      for (int k = 0; k < 50; ++k) {
        slots.acquire();
        too_many = too_many || ++now > 3;
        yield();
        --now;
        slots.release();
      }
    });
  }
  group.wait();
  EXPECT_FALSE(too_many);
  EXPECT_TRUE(slots.try_acquire(3));
  EXPECT_FALSE(slots.try_acquire());
  slots.release(3);
}

// A large request is served before small ones that came later.
TEST_P(GroupTest, SemaphoreServesInOrder) {
  Semaphore slots(2);
  slots.acquire();
  const auto order = make_chan<std::string>(2);
  WaitGroup both;
  both.go([&] {
    slots.acquire(2);
    order.send("large");
    slots.release(2);
  });
  while (slots.try_acquire()) {  // until the large one waits: then nobody overtakes it
    slots.release();
    yield();
  }
  both.go([&] {
    slots.acquire();
    order.send("small");
    slots.release();
  });
  slots.release();
  EXPECT_EQ(order.recv(), "large");
  EXPECT_EQ(order.recv(), "small");
  both.wait();
}

TEST_P(GroupTest, SemaphoreWithAContext) {
  Semaphore slots(1);
  const auto [ctx, cancel] = with_cancel(background());
  EXPECT_EQ(slots.acquire(ctx), ContextError::none);
  const auto outcome = make_chan<ContextError>();
  go([&, ctx = ctx] { outcome.send(slots.acquire(ctx)); });
  go([&, ctx = ctx] { outcome.send(slots.acquire(ctx, 5)); });  // more than there are: waits for the end
  for (int i = 0; i < 50; ++i) {
    yield();
  }
  cancel();
  EXPECT_EQ(outcome.recv(), ContextError::canceled);
  EXPECT_EQ(outcome.recv(), ContextError::canceled);
  EXPECT_EQ(slots.acquire(ctx), ContextError::canceled);
  slots.release();
  EXPECT_TRUE(slots.try_acquire());
  slots.release();
}

// Grants and cancellations meet: no permit is lost, none is given twice.
TEST_P(GroupTest, SemaphoreGrantsAndCancelsRace) {
  Semaphore slots(2);
  std::atomic<int> got{0};
  WaitGroup group;
  for (int i = 0; i < 8; ++i) {
    group.go([&, i] {
      for (int k = 0; k < 50; ++k) {
        const ContextScope scope(background(), std::chrono::microseconds((i * 7 + k) % 30));
        if (slots.acquire(scope.context()) == ContextError::none) {
          ++got;
          yield();
          slots.release();
        }
      }
    });
  }
  group.wait();
  EXPECT_TRUE(slots.try_acquire(2));
  slots.release(2);
}

TEST_P(GroupTest, SemaphorePanics) {
  Semaphore slots(2);
  slots.acquire();
  try {
    slots.release(2);
    FAIL();
  } catch (const Panic& panic) {
    EXPECT_STREQ(panic.what(), "semaphore: released more than held");
  }
  slots.release();
}

class GroupDeath : public Dying {};

TEST_F(GroupDeath, WaitsForPermitsHaveTheirName) {
  EXPECT_EXIT(
      {
        Semaphore slots(1);
        slots.acquire(2);
      },
      ::testing::ExitedWithCode(2), "goroutine 1 \\[semaphore acquire\\]:");
}

TEST_F(GroupDeath, APanicIsNoError) {
  EXPECT_EXIT(
      {
        ErrGroup group;
        group.go([] { panic("boom"); });
        group.wait();
      },
      ::testing::ExitedWithCode(2), "panic: boom");
}

TEST_P(GroupTest, SingleFlightMakesOneCall) {
  SingleFlight<std::string, int> flights;
  std::atomic<int> calls{0};
  std::atomic<int> shared{0};
  const auto gate = make_chan<void>();
  WaitGroup group;
  const auto make = [&] {
    ++calls;
    gate.recv();
    return 7;
  };
  for (int i = 0; i < 10; ++i) {
    group.go([&] {
      const auto result = flights.call("key", make);
      EXPECT_EQ(result.value, 7);
      shared += result.shared ? 1 : 0;
    });
  }
  while (calls == 0) {
    yield();
  }
  for (int i = 0; i < 100; ++i) {
    yield();
  }
  gate.close();
  group.wait();
  EXPECT_GE(calls, 1);
  EXPECT_EQ(flights.call("other", [] { return 1; }).value, 1);
  EXPECT_THROW(flights.call("bad", []() -> int { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_EQ(flights.call_chan("late", [] { return 9; }).recv().value, 9);
}

TEST_P(GroupTest, SingleFlightForgets) {
  SingleFlight<int, int> flights;
  const auto began = make_chan<void>();
  const auto gate = make_chan<void>();
  const auto first = flights.call_chan(1, [=] {
    began.send();
    gate.recv();
    return 1;
  });
  began.recv();
  flights.forget(1);
  EXPECT_EQ(flights.call(1, [] { return 2; }).value, 2);
  gate.close();
  EXPECT_EQ(first.recv().value, 1);
}

TEST_P(GroupTest, BackoffGrowsUpToItsLimit) {
  Backoff exact({.first = 1ms, .most = 6ms, .factor = 2, .jitter = 0});
  EXPECT_EQ(exact.next(), 1ms);
  EXPECT_EQ(exact.next(), 2ms);
  EXPECT_EQ(exact.next(), 4ms);
  EXPECT_EQ(exact.next(), 6ms);
  EXPECT_EQ(exact.next(), 6ms);
  EXPECT_EQ(exact.attempts(), 5u);
  exact.reset();
  EXPECT_EQ(exact.next(), 1ms);
  Backoff random({.first = 1ms, .most = 1ms, .factor = 2, .jitter = 0.5});
  bool differs = false;
  for (int i = 0; i < 20; ++i) {
    const auto pause = random.next();
    EXPECT_GE(pause, 500us);
    EXPECT_LE(pause, 1ms);
    differs = differs || pause != random.next();
  }
  EXPECT_TRUE(differs);
  const ContextScope over(background());
  over.cancel();
  EXPECT_EQ(Backoff({.first = 1h, .most = 1h}).sleep(over.context()), ContextError::canceled);
  Backoff quick({.first = 10us});
  quick.sleep();
  EXPECT_EQ(quick.sleep(background()), ContextError::none);
}

}  // namespace
}  // namespace gordian::test
