// SPDX-License-Identifier: Apache-2.0
// The child of a fork: only the caller is there, with workers of its own as soon as it starts goroutines; its result is
// its own, and so is the parent's.
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;

class Fork : public OverWorkers {
 protected:
  void SetUp() override {
    OverWorkers::SetUp();
    alarm(120);
  }
  void TearDown() override {
    OverWorkers::TearDown();
    alarm(0);
  }
};
GORDIAN_OVER_WORKERS(Fork);

// Goroutines, channels and timers at work; the sum is known.
int sum_of_squares() {
  const auto results = make_chan<int>();
  for (int i = 1; i <= 20; ++i) {
    go([=] {
      sleep(100us);
      results.send(i * i);
    });
  }
  int sum = 0;
  for (int i = 0; i < 20; ++i) {
    sum += results.recv();
  }
  return sum;
}

int status_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

// The child works, then ends with 7.
pid_t fork_worker() {
  const pid_t child = ::fork();
  if (child == 0) {
    alarm(100);
    _exit(sum_of_squares() == 2870 ? 7 : 1);
  }
  return child;
}

TEST_P(Fork, FromMain) {
  ASSERT_EQ(sum_of_squares(), 2870);
  EXPECT_EQ(status_of(fork_worker()), 7);
  EXPECT_EQ(sum_of_squares(), 2870);
}

TEST_P(Fork, FromAGoroutine) {
  const auto status = make_chan<int>();
  go([=] { status.send(status_of(fork_worker())); });
  EXPECT_EQ(status.recv(), 7);
  EXPECT_EQ(sum_of_squares(), 2870);
}

TEST_P(Fork, FromAThread) {
  int status = 0;
  std::thread([&] { status = status_of(fork_worker()); }).join();
  EXPECT_EQ(status, 7);
  EXPECT_EQ(sum_of_squares(), 2870);
}

// Forked while others are at work, so that locks are held and queues half changed.
TEST_P(Fork, AmidWork) {
  std::atomic<bool> stop{false};
  WaitGroup group;
  for (int i = 0; i < 3; ++i) {
    group.go([&] {
      while (!stop) {
        sum_of_squares();
      }
    });
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(status_of(fork_worker()), 7);
    yield();
  }
  stop = true;
  group.wait();
}

// The parent's goroutines do not run in the child, and cannot keep it from seeing a deadlock.
TEST_P(Fork, TheChildsDeadlockIsItsOwn) {
  const auto never = make_chan<int>();
  go([=] { never.recv(); });
  yield();
  const pid_t child = ::fork();
  if (child == 0) {
    alarm(100);
    ::close(STDERR_FILENO);
    make_chan<int>().recv();
    _exit(1);
  }
  EXPECT_EQ(status_of(child), 2);
  never.send(1);
}

// As with threads: when the last one ends, so does the process.
TEST_P(Fork, TheChildMayEndByReturning) {
  const auto children = make_chan<pid_t>();
  const pid_t parent = ::getpid();
  go([=] {
    const pid_t child = ::fork();
    if (::getpid() == parent) {
      children.send(child);
    } else {
      alarm(100);
    }
  });
  EXPECT_EQ(status_of(children.recv()), 0);
  pid_t child = 0;
  std::thread thread([&] {
    const pid_t forked = ::fork();
    if (::getpid() != parent) {
      alarm(100);
      sum_of_squares();
      return;
    }
    child = forked;
  });
  thread.join();
  EXPECT_EQ(status_of(child), 0);
}

}  // namespace
}  // namespace gordian::test
