// SPDX-License-Identifier: Apache-2.0
// Locks, WaitGroup, Once.
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;

class SyncTest : public OverWorkers {};
GORDIAN_OVER_WORKERS(SyncTest);

TEST_P(SyncTest, MutexExcludes) {
  Mutex mutex;
  int counter = 0;
  WaitGroup group;
  for (int i = 0; i < 8; ++i) {
    group.go([&] {
      for (int k = 0; k < 2000; ++k) {
        const std::scoped_lock guard(mutex);
        ++counter;
      }
    });
  }
  group.wait();
  EXPECT_EQ(counter, 16000);
}

// The owner is gone while it holds the lock: parked waiters, barging newcomers, hand-over after 1 ms.
TEST_P(SyncTest, MutexHandsOverUnderContention) {
  Mutex mutex;
  int counter = 0;
  WaitGroup group;
  for (int i = 0; i < 6; ++i) {
    group.go([&] {
      for (int k = 0; k < 100; ++k) {
        mutex.lock();
        const int seen = counter;
        yield();
        counter = seen + 1;
        mutex.unlock();
      }
    });
  }
  group.wait();
  EXPECT_EQ(counter, 600);
}

TEST_P(SyncTest, AnyGoroutineMayUnlock) {
  Mutex mutex;
  mutex.lock();
  go([&] { mutex.unlock(); });
  mutex.lock();
  mutex.unlock();
}

TEST_P(SyncTest, TryLockForGivesUpOrGetsIt) {
  Mutex mutex;
  mutex.lock();
  EXPECT_FALSE(mutex.try_lock());
  EXPECT_FALSE(mutex.try_lock_for(2ms));
  EXPECT_FALSE(mutex.try_lock_until(std::chrono::steady_clock::now() + 1ms));
  go([&] { mutex.unlock(); });
  EXPECT_TRUE(mutex.try_lock_for(10s));
  mutex.unlock();
}

TEST_P(SyncTest, TimeoutsAndHandOversRace) {
  Mutex mutex;
  std::atomic<int> got{0};
  std::atomic<int> missed{0};
  WaitGroup group;
  for (int i = 0; i < 4; ++i) {
    group.go([&] {
      for (int k = 0; k < 200; ++k) {
        if (mutex.try_lock_for(50us)) {
          ++got;
          yield();
          mutex.unlock();
        } else {
          ++missed;
        }
      }
    });
  }
  group.wait();
  EXPECT_EQ(got + missed, 800);
  EXPECT_TRUE(mutex.try_lock());
  mutex.unlock();
}

TEST_P(SyncTest, ReadersShareWritersExclude) {
  RWMutex rw;
  int value = 0;
  std::atomic<int> torn{0};
  WaitGroup group;
  for (int i = 0; i < 6; ++i) {
    group.go([&, i] {
      for (int k = 0; k < 300; ++k) {
        if (i % 3 == 0) {
          const std::scoped_lock guard(rw);
          ++value;
          yield();
          ++value;
        } else {
          const std::shared_lock guard(rw);
          torn += value % 2;
        }
      }
    });
  }
  group.wait();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(value, 2 * 300 * 2);
}

TEST_P(SyncTest, AWaitingWriterKeepsNewReadersOut) {
  RWMutex rw;
  rw.lock_shared();
  const auto done = make_chan<void>();
  go([&rw, done] {
    rw.lock();
    rw.unlock();
    done.send();
  });
  while (rw.try_lock_shared()) {
    rw.unlock_shared();
    yield();
  }
  rw.unlock_shared();
  done.recv();
  EXPECT_TRUE(rw.try_lock());
  rw.unlock();
}

TEST_P(SyncTest, WaitGroupMayDieAfterWait) {
  for (int i = 0; i < 500; ++i) {
    auto group = std::make_unique<WaitGroup>();
    group->add(1);
    go([raw = group.get()] { raw->done(); });
    group->wait();
  }
}

TEST_P(SyncTest, ManyWaiters) {
  WaitGroup work;
  WaitGroup waiters;
  work.add(1);
  for (int i = 0; i < 20; ++i) {
    waiters.go([&] { work.wait(); });
  }
  yield();
  work.done();
  waiters.wait();
}

TEST_P(SyncTest, OnceRunsOnceAndAllWait) {
  Once once;
  int value = 0;
  WaitGroup group;
  for (int i = 0; i < 10; ++i) {
    group.go([&] {
      once.call([&] {
        yield();
        value = 7;
      });
      EXPECT_EQ(value, 7);
    });
  }
  group.wait();
}

TEST_P(SyncTest, AThrowCountsAsTheOneCall) {
  Once once;
  EXPECT_THROW(once.call([] { throw std::runtime_error("first"); }), std::runtime_error);
  once.call([] { FAIL() << "called again"; });
}

// Two goroutines pass a token through two mutexes, 2000 short rounds: a lost wake-up hangs here.
TEST_P(SyncTest, NoWakeUpIsLost) {
  const auto ping = make_chan<int>();
  const auto pong = make_chan<int>();
  Mutex mutex;
  go([&, ping, pong] {
    for (const int value : ping) {
      const std::scoped_lock guard(mutex);
      pong.send(value);
    }
    pong.close();
  });
  for (int i = 0; i < 2000; ++i) {
    ping.send(i);
    ASSERT_EQ(pong.recv(), i);
    const std::scoped_lock guard(mutex);
  }
  ping.close();
  EXPECT_EQ(pong.next(), std::nullopt);
}

}  // namespace
}  // namespace gordian::test
