// SPDX-License-Identifier: Apache-2.0
// The ring: order, capacity, and thieves against its owner.
#include "runtime/sched/run_queue.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace gordian::rt::sched {
namespace {

Goroutine* fake(std::uintptr_t n) { return reinterpret_cast<Goroutine*>(n * 64); }

TEST(RunQueue, IsAFifoOf256) {
  RunQueue queue;
  for (std::uintptr_t i = 1; i <= RunQueue::kCapacity; ++i) {
    ASSERT_TRUE(queue.push(fake(i)));
  }
  EXPECT_FALSE(queue.push(fake(999)));
  for (std::uintptr_t i = 1; i <= RunQueue::kCapacity; ++i) {
    ASSERT_EQ(queue.pop(), fake(i));
  }
  EXPECT_EQ(queue.pop(), nullptr);
}

TEST(RunQueue, ThievesTakeTheOlderHalf) {
  RunQueue queue;
  for (std::uintptr_t i = 1; i <= 5; ++i) {
    queue.push(fake(i));
  }
  Goroutine* loot[128];
  ASSERT_EQ(queue.steal_half(loot, 128), 3u);
  EXPECT_EQ(loot[0], fake(1));
  EXPECT_EQ(loot[2], fake(3));
  EXPECT_EQ(queue.pop(), fake(4));
}

TEST(RunQueue, NothingIsLostOrDoubled) {
  constexpr std::uintptr_t kCount = 20000;
  RunQueue queue;
  std::vector<std::atomic<int>> seen(kCount + 1);
  std::atomic<std::uintptr_t> taken{0};
  const auto note = [&](Goroutine* one) {
    seen[reinterpret_cast<std::uintptr_t>(one) / 64]++;
    ++taken;
  };
  std::thread thief([&] {
    Goroutine* loot[128];
    while (taken < kCount) {
      const std::uint32_t count = queue.steal_half(loot, 128);
      for (std::uint32_t i = 0; i < count; ++i) {
        note(loot[i]);
      }
    }
  });
  for (std::uintptr_t i = 1; i <= kCount;) {
    i += queue.push(fake(i)) ? 1 : 0;
    // Mostly a queue of one, for which owner and thief race: the loser must come away empty-handed.
    if (Goroutine* const one = i % 8 != 0 ? queue.pop() : nullptr) {
      note(one);
    }
  }
  while (Goroutine* const one = queue.pop()) {
    note(one);
  }
  thief.join();
  for (std::uintptr_t i = 1; i <= kCount; ++i) {
    ASSERT_EQ(seen[i], 1) << i;
  }
}

}  // namespace
}  // namespace gordian::rt::sched
