// SPDX-License-Identifier: Apache-2.0
// A worker that does not come back to its scheduler: others run what waits for it, main included, with any number of
// workers. Each of these hangs without the lookout; the alarm ends them then.
#include "runtime/sched/lookout.h"

#include <unistd.h>

#include <atomic>
#include <mutex>

#include "runtime/sched/sched.h"
#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;

class Lookout : public OverWorkers {
 protected:
  void SetUp() override {
    OverWorkers::SetUp();
    ASSERT_EQ(::pipe(pipe_), 0);
    alarm(120);
  }
  void TearDown() override {
    OverWorkers::TearDown();
    alarm(0);
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }
  // Blocks the thread, which the scheduler cannot see.
  void read_byte() {
    char byte = 0;
    ASSERT_EQ(::read(pipe_[0], &byte, 1), 1);
  }
  void write_byte() { ASSERT_EQ(::write(pipe_[1], "x", 1), 1); }

 private:
  int pipe_[2] = {};
};
GORDIAN_OVER_WORKERS(Lookout);

TEST_P(Lookout, MainMaySpinUntilAGoroutineHasRun) {
  std::atomic<bool> ran{false};
  go([&] { ran = true; });
  while (!ran) {
  }
}

TEST_P(Lookout, MainMayBlockUntilAGoroutineHasRun) {
  go([&] { write_byte(); });
  read_byte();
}

TEST_P(Lookout, TimersFireWhileMainBlocks) {
  go([&] {
    sleep(1ms);
    write_byte();
  });
  yield();
  read_byte();
}

// What was woken into the run-next slot of the worker that blocks.
TEST_P(Lookout, WhoWasJustWokenRunsToo) {
  const auto channel = make_chan<int>();
  go([&, channel] {
    channel.recv();
    write_byte();
  });
  yield();
  channel.send(1);
  read_byte();
}

TEST_P(Lookout, GoroutinesMayBlockOutside) {
  constexpr int kGoroutines = 6;
  WaitGroup group;
  for (int i = 0; i < kGoroutines; ++i) {
    group.go([&] { read_byte(); });
  }
  group.go([&] {
    for (int i = 0; i < kGoroutines; ++i) {
      write_byte();
    }
  });
  group.wait();
}

TEST_P(Lookout, AGoroutineMayWaitForAThreadsLock) {
  std::mutex mutex;
  WaitGroup group;
  const auto locked = make_chan<void>();
  group.go([&] {
    mutex.lock();
    locked.send();
    yield();
    mutex.unlock();
  });
  locked.recv();
  group.go([&] { const std::lock_guard lock(mutex); });
  group.wait();
}

// Main yields to a goroutine that computes until main goes on. It does, on another worker, and comes home afterwards.
TEST_P(Lookout, MainIsNotLockedOutOfItsThread) {
  std::atomic<bool> stop{false};
  WaitGroup group;
  group.go([&] {
    while (!stop) {
    }
  });
  yield();
  stop = true;
  group.wait();
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (rt::sched::current_worker_index() != 0 && std::chrono::steady_clock::now() < deadline) {
    sleep(1ms);
  }
  EXPECT_EQ(rt::sched::current_worker_index(), 0);
}

TEST_P(Lookout, TurnsAreTakenBack) {
  for (int round = 0; round < 3; ++round) {
    go([&] { write_byte(); });
    read_byte();
  }
  const int before = GetParam();
  EXPECT_EQ(set_max_procs(before), before);
  WaitGroup group;
  std::atomic<int> ran{0};
  for (int i = 0; i < 100; ++i) {
    group.go([&] {
      yield();
      ++ran;
    });
  }
  group.wait();
  EXPECT_EQ(ran, 100);
}

}  // namespace
}  // namespace gordian::test
