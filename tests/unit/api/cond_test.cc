// SPDX-License-Identifier: Apache-2.0
// Cond, by package sync: signals are not kept, the longest waiter goes first, nobody returns without a signal.
#include <atomic>
#include <mutex>
#include <vector>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

class CondTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(CondTest);

static_assert(!std::is_copy_constructible_v<Cond> && !std::is_move_constructible_v<Cond>);

TEST_P(CondTest, ASignalWakesOneWaiter) {
  Mutex mu;
  Cond changed{mu};
  bool ready = false;
  WaitGroup waiter;
  waiter.go([&] {
    const std::scoped_lock guard(mu);
    changed.wait([&] { return ready; });
  });
  {
    const std::scoped_lock guard(mu);
    ready = true;
    changed.signal();
  }
  waiter.wait();
}

// Tells when `count` goroutines stand in the queue: each counts itself under the lock that wait() releases.
void await_waiters(Mutex& mu, const int& waiting, int count) {
  for (;;) {
    const std::scoped_lock guard(mu);
    if (waiting == count) {
      return;
    }
    mu.unlock();
    yield();
    mu.lock();
  }
}

TEST_P(CondTest, TheLongestWaiterGoesFirst) {
  Mutex mu;
  Cond turn{mu};
  int waiting = 0;
  std::vector<int> order;
  WaitGroup all;
  for (int i = 0; i < 5; ++i) {
    all.go([&, i] {
      const std::scoped_lock guard(mu);
      ++waiting;
      turn.wait();
      order.push_back(i);
    });
    await_waiters(mu, waiting, i + 1);
  }
  for (int i = 0; i < 5; ++i) {
    turn.signal();
    for (std::size_t seen = 0; seen <= static_cast<std::size_t>(i);) {
      yield();
      const std::scoped_lock guard(mu);
      seen = order.size();
    }
  }
  all.wait();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_P(CondTest, ABroadcastWakesAll) {
  Mutex mu;
  Cond go_ahead{mu};
  int waiting = 0;
  std::atomic<int> woken{0};
  WaitGroup all;
  for (int i = 0; i < 20; ++i) {
    all.go([&] {
      const std::scoped_lock guard(mu);
      ++waiting;
      go_ahead.wait();
      ++woken;
    });
  }
  await_waiters(mu, waiting, 20);
  go_ahead.broadcast();
  all.wait();
  EXPECT_EQ(woken, 20);
}

TEST_P(CondTest, SignalsToNobodyAreLost) {
  Mutex mu;
  Cond cond{mu};
  cond.signal();
  cond.broadcast();
  int waiting = 0;
  std::atomic<bool> returned{false};
  WaitGroup waiter;
  waiter.go([&] {
    const std::scoped_lock guard(mu);
    ++waiting;
    cond.wait();
    returned = true;
  });
  await_waiters(mu, waiting, 1);
  for (int i = 0; i < 100; ++i) {
    yield();
  }
  EXPECT_FALSE(returned);
  cond.signal();
  waiter.wait();
}

TEST_P(CondTest, AnyLockWillDo) {
  RWMutex rw;
  auto reader = rw.reader();
  std::mutex standard;
  Cond on_writer{rw};
  Cond on_reader{reader};
  Cond on_standard{standard};
  bool ready = true;
  {
    const std::scoped_lock guard(rw);
    on_writer.wait([&] { return ready; });
  }
  {
    const std::scoped_lock guard(reader, standard);
    on_reader.wait([&] { return ready; });
    on_standard.wait([&] { return ready; });
  }
  ready = false;
  WaitGroup waiter;
  waiter.go([&] {
    const std::scoped_lock guard(reader);
    on_reader.wait([&] { return ready; });
  });
  {
    const std::scoped_lock guard(rw);
    ready = true;
  }
  on_reader.broadcast();
  waiter.wait();  // it may not have looked yet: then it sees `ready`
}

// A bounded buffer with two Conds on one lock: a lost or doubled wake-up hangs or miscounts.
TEST_P(CondTest, ABoundedBuffer) {
  Mutex mu;
  Cond not_full{mu};
  Cond not_empty{mu};
  std::vector<int> buffer;
  std::int64_t sum = 0;
  WaitGroup all;
  for (int p = 0; p < 3; ++p) {
    all.go([&] {
      for (int i = 1; i <= 300; ++i) {
        const std::scoped_lock guard(mu);
        not_full.wait([&] { return buffer.size() < 2; });
        buffer.push_back(i);
        not_empty.signal();
      }
    });
  }
  for (int c = 0; c < 2; ++c) {
    all.go([&] {
      for (int i = 0; i < 450; ++i) {
        const std::scoped_lock guard(mu);
        not_empty.wait([&] { return !buffer.empty(); });
        sum += buffer.back();
        buffer.pop_back();
        not_full.signal();
      }
    });
  }
  all.wait();
  EXPECT_EQ(sum, 3 * std::int64_t{300} * 301 / 2);
}

class CondDeath : public Dying {};

TEST_F(CondDeath, WaitsHaveTheirNameInDumps) {
  EXPECT_EXIT(
      {
        Mutex mu;
        Cond cond{mu};
        mu.lock();
        cond.wait();
      },
      ::testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!\n\ngoroutine 1 \\[sync.Cond.Wait\\]:");
}

}  // namespace
}  // namespace gordian::test
