// SPDX-License-Identifier: Apache-2.0
// Against plain maps: clocks that are copied, joined and changed at random stay what each of them was told.
#include "analyzer/model/vector_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace gordian::analysis {
namespace {

using Naive = std::map<Slot, Time>;

Time naive_at(const Naive& clock, Slot slot) {
  const auto found = clock.find(slot);
  return found != clock.end() ? found->second : 0;
}

bool naive_equal(const Naive& a, const Naive& b) {
  const auto covers = [](const Naive& one, const Naive& other) {
    return std::ranges::all_of(one, [&](const auto& entry) { return naive_at(other, entry.first) == entry.second; });
  };
  return covers(a, b) && covers(b, a);
}

class Clocks {
 public:
  Clocks(std::size_t count, Slot slots, std::uint64_t seed)
      : slots_(slots), random_(seed), clocks_(count), naive_(count) {}

  void change() {
    const std::size_t one = pick();
    const std::size_t other = pick();
    switch (random_() % 8) {
      case 0:
        clocks_[one] = clocks_[other];
        naive_[one] = naive_[other];
        break;
      case 1:
      case 2:
        clocks_[one].join(clocks_[other]);
        for (const auto& [slot, time] : Naive(naive_[other])) {
          naive_[one][slot] = std::max(naive_[one][slot], time);
        }
        break;
      case 3:
        if (random_() % 8 == 0) {
          clocks_[one].clear();
          naive_[one].clear();
        }
        break;
      default: {
        const auto slot = static_cast<Slot>(random_() % slots_);
        const auto time = static_cast<Time>(random_() % 4);
        clocks_[one].set(slot, time);
        naive_[one][slot] = time;
      }
    }
  }

  void compare() {
    for (std::size_t i = 0; i < clocks_.size(); ++i) {
      for (Slot slot = 0; slot < slots_; ++slot) {
        ASSERT_EQ(clocks_[i].at(slot), naive_at(naive_[i], slot)) << "clock " << i << ", slot " << slot;
      }
      const std::size_t other = pick();
      ASSERT_EQ(clocks_[i] == clocks_[other], naive_equal(naive_[i], naive_[other]));
    }
  }

 private:
  std::size_t pick() { return random_() % clocks_.size(); }

  Slot slots_;
  std::mt19937_64 random_;
  std::vector<VectorClock> clocks_;
  std::vector<Naive> naive_;
};

class VectorClockAgainstMap : public testing::TestWithParam<Slot> {};

TEST_P(VectorClockAgainstMap, IsEqual) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Clocks clocks(6, GetParam(), seed);
    for (int round = 0; round < 60; ++round) {
      for (int i = 0; i < 10; ++i) {
        clocks.change();
      }
      ASSERT_NO_FATAL_FAILURE(clocks.compare()) << "seed " << seed;
    }
  }
}

// Within the clock itself, across the first chunk's end, many chunks.
INSTANTIATE_TEST_SUITE_P(Slots, VectorClockAgainstMap,
                         testing::Values(Slot{3}, Slot{VectorClock::kNear + 2}, Slot{SharedTimes::kChunk + 2},
                                         Slot{SharedTimes::kChunk * 5}));

TEST(VectorClock, ACopyKeepsWhatTheOriginalWasThen) {
  VectorClock original;
  original.set(1000, 7);
  const VectorClock copy = original;
  original.set(1000, 8);
  original.set(1001, 1);
  EXPECT_EQ(copy.at(1000), 7U);
  EXPECT_EQ(copy.at(1001), 0U);
}

TEST(VectorClock, WhatIsZeroIsAsIfNeverSet) {
  VectorClock set;
  set.set(500, 0);
  EXPECT_EQ(set, VectorClock());
}

TEST(VectorClock, JoinsAndKnows) {
  VectorClock a;
  VectorClock b;
  a.set(0, 5);
  b.set(3, 2);
  EXPECT_TRUE(a.knows({0, 5}));
  EXPECT_FALSE(a.knows({0, 6}));
  EXPECT_FALSE(a.knows({3, 1}));
  EXPECT_TRUE(a.knows({7, 0}));
  a.join(b);
  EXPECT_TRUE(a.knows({3, 2}));
  b.join(a);
  EXPECT_EQ(a, b);
  EXPECT_FALSE(a.knows(kNoEpoch));
}

}  // namespace
}  // namespace gordian::analysis
