// SPDX-License-Identifier: Apache-2.0
// Stacks: size, guard, reuse.
#include "runtime/sched/stack.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstring>

namespace gordian::rt::sched {
namespace {

TEST(Stacks, AreWritableAndReused) {
  StackCache cache;
  Stack* const first = take_stack(cache, 0);
  EXPECT_GE(first->bytes(), kDefaultStackBytes - 8192);
  std::memset(reinterpret_cast<void*>(first->low), 1, first->bytes());
  give_stack(cache, first);
  EXPECT_EQ(take_stack(cache, 0), first);
}

TEST(Stacks, KnowTheirGuard) {
  StackCache cache;
  const Stack* const stack = take_stack(cache, 0);
  EXPECT_TRUE(in_guard_of(*stack, stack->low - 1));
  EXPECT_FALSE(in_guard_of(*stack, stack->low));
  EXPECT_FALSE(in_guard_of(*stack, stack->high()));
  EXPECT_FALSE(in_guard_of(*stack, stack->low - 8192));
}

TEST(StacksDeathTest, TheGuardHolds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        StackCache cache;
        *reinterpret_cast<volatile char*>(take_stack(cache, 0)->low - 1) = 1;
      },
      "");
}

// On kernels before 6.13.
TEST(StacksDeathTest, TheOldGuardHoldsToo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{1} << 20}) {
    EXPECT_EXIT(
        {
          use_old_guards();
          StackCache cache;
          const Stack* const stack = take_stack(cache, bytes);
          *reinterpret_cast<volatile char*>(stack->low) = 1;
          *reinterpret_cast<volatile char*>(stack->low - 1) = 1;
        },
        ::testing::KilledBySignal(SIGSEGV), "");
  }
}

TEST(Stacks, LargerOnesAreTheirOwnMapping) {
  StackCache cache;
  Stack* const stack = take_stack(cache, 1 << 20);
  EXPECT_GE(stack->bytes(), std::size_t{1} << 20);
  std::memset(reinterpret_cast<void*>(stack->low), 1, stack->bytes());
  give_stack(cache, stack);
  EXPECT_EQ(cache.head, nullptr);
}

}  // namespace
}  // namespace gordian::rt::sched
