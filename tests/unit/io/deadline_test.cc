// SPDX-License-Identifier: Apache-2.0
// A timer of a deadline that goes off too late or too early looks at the deadline there is now.
#include <gordian/gordian.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "runtime/sched/timers.h"

namespace gordian::rt::sched {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// fire_until() plays the worker that took the timer out of the heap before the deadline was set anew.
TEST(Deadline, AStaleTimerEndsNoWait) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const auto end = Clock::now() + 1h;
  const auto outcome = make_chan<std::error_code>(1);
  EXPECT_FALSE(io::set_read_deadline(ends[0], end));
  go([=] {
    char byte = 0;
    outcome.send(io::read(ends[0], &byte, 1).error);
  });
  while (num_waiting() != 1) {
    yield();
  }
  const auto due = static_cast<std::uint64_t>(end.time_since_epoch().count());
  ASSERT_EQ(next_due(), due);
  fire_until(due);
  EXPECT_NE(next_due(), due) << "it has gone off";
  yield();
  EXPECT_EQ(outcome.len(), 0U);
  EXPECT_EQ(num_waiting(), 1U);
  io::set_read_deadline(ends[0], Clock::now());
  EXPECT_EQ(outcome.recv(), std::errc::timed_out);
  io::close(ends[0]);
  io::close(ends[1]);
}

}  // namespace
}  // namespace gordian::rt::sched
