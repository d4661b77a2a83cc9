// SPDX-License-Identifier: Apache-2.0
// The pairing heap against a sorted list, with removals.
#include "runtime/sched/timers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace gordian::rt::sched {
namespace {

constexpr std::uint64_t kFarAway = kNever / 2;

struct Noting : Timer {
  std::vector<std::uint64_t>* fired = nullptr;
};
void note(Timer* timer) noexcept {
  auto* const noting = static_cast<Noting*>(timer);
  noting->fired->push_back(noting->due_ns);
}

TEST(Timers, FireInOrderWithoutTheDisarmed) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::uint64_t> fired;
    std::vector<Noting> timers(1 + random() % 40);
    std::vector<std::uint64_t> expected;
    for (Noting& timer : timers) {
      timer.due_ns = kFarAway + random() % 100;  // no worker fires it
      timer.fire = note;
      timer.fired = &fired;
      arm(timer);
    }
    for (Noting& timer : timers) {
      if (random() % 3 == 0) {
        EXPECT_TRUE(disarm(timer));
        EXPECT_FALSE(disarm(timer));
      } else {
        expected.push_back(timer.due_ns);
      }
    }
    std::sort(expected.begin(), expected.end());
    fire_until(kFarAway + 100);
    EXPECT_EQ(fired, expected);
  }
  EXPECT_EQ(next_due(), kNever);
}

}  // namespace
}  // namespace gordian::rt::sched
