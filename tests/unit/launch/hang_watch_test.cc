// SPDX-License-Identifier: Apache-2.0
// When a program hangs: nothing recorded, no processor used, for the whole of the limit.
#include "analyzer/launch/hang_watch.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gordian::test {
namespace {

using analysis::activity_of;
using analysis::HangWatch;
using std::chrono::milliseconds;

// A child that sleeps until it is killed.
class Sleeper {
 public:
  Sleeper() : pid_(fork()) {
    if (pid_ == 0) {
      for (;;) {
        pause();
      }
    }
    while (activity_of(pid_).busy) {  // on its way to sleep
      sched_yield();
    }
  }
  ~Sleeper() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

TEST(HangWatch, NeverWithoutALimit) {
  HangWatch watch(getpid(), milliseconds(0));
  EXPECT_EQ(watch.milliseconds_to_next(), -1);
  EXPECT_FALSE(watch.hangs(0));
}

TEST(HangWatch, OnlyAfterTheWholeLimit) {
  const Sleeper sleeper;
  HangWatch watch(sleeper.pid(), milliseconds(1000));
  const auto start = HangWatch::Clock::now();
  EXPECT_FALSE(watch.hangs(7, start));
  EXPECT_FALSE(watch.hangs(7, start + milliseconds(999)));
  EXPECT_TRUE(watch.hangs(7, start + milliseconds(1000)));
}

TEST(HangWatch, WhatIsRecordedIsLife) {
  const Sleeper sleeper;
  HangWatch watch(sleeper.pid(), milliseconds(1000));
  const auto start = HangWatch::Clock::now();
  EXPECT_FALSE(watch.hangs(7, start));
  EXPECT_FALSE(watch.hangs(8, start + milliseconds(900)));
  EXPECT_FALSE(watch.hangs(8, start + milliseconds(1800)));
  EXPECT_TRUE(watch.hangs(8, start + milliseconds(1900)));
}

TEST(HangWatch, ARunningThreadIsLife) {
  HangWatch watch(getpid(), milliseconds(1000));  // we run while we look
  const auto start = HangWatch::Clock::now();
  EXPECT_FALSE(watch.hangs(7, start));
  EXPECT_FALSE(watch.hangs(7, start + milliseconds(5000)));
}

TEST(HangWatch, DescendantsCount) {
  const Sleeper sleeper;
  EXPECT_FALSE(activity_of(sleeper.pid()).busy);
  EXPECT_TRUE(activity_of(getpid()).busy);
  EXPECT_GT(activity_of(getpid()).processor_ns, activity_of(sleeper.pid()).processor_ns);
  EXPECT_EQ(activity_of(1 << 29).processor_ns, 0U);  // there is no such process
}

}  // namespace
}  // namespace gordian::test
