// SPDX-License-Identifier: Apache-2.0
// Atomic and AtomicValue, by package sync/atomic.
#include <limits>
#include <string>
#include <vector>

#include "tests/unit/api/over_workers.h"
#include "tests/unit/api/panic_text.h"

namespace gordian::test {
namespace {

template <class A>
concept Adds = requires(A& value) { value.add(1); };

constinit Atomic<int> g_count;
[[maybe_unused]] constinit AtomicValue g_value;

TEST(AtomicTest, OperationsReturnWhatGosDo) {
  Atomic<int> number{5};
  EXPECT_EQ(number.add(3), 8);
  EXPECT_EQ(number.swap(2), 8);
  EXPECT_FALSE(number.compare_and_swap(3, 9));
  EXPECT_TRUE(number.compare_and_swap(2, 12));
  EXPECT_EQ(number.and_with(10), 12);
  EXPECT_EQ(number.or_with(3), 8);
  EXPECT_EQ(number.load(), 11);
  number.store(-1);
  EXPECT_EQ(number.load(), -1);
  Atomic<std::uint8_t> small{255};
  EXPECT_EQ(small.add(2), 1);
  Atomic<int> most{std::numeric_limits<int>::max()};
  EXPECT_EQ(most.add(1), std::numeric_limits<int>::min());
}

TEST(AtomicTest, OtherTypes) {
  Atomic<bool> flag;
  EXPECT_FALSE(flag.swap(true));
  EXPECT_TRUE(flag.load());
  int a = 0;
  Atomic<int*> pointer;
  EXPECT_EQ(pointer.load(), nullptr);
  EXPECT_TRUE(pointer.compare_and_swap(nullptr, &a));
  EXPECT_EQ(pointer.load(), &a);
  static_assert(Adds<Atomic<int>> && !Adds<Atomic<bool>>);
  static_assert(!std::is_copy_constructible_v<Atomic<int>>);
}

TEST(AtomicTest, Counts) {
  g_count.store(0);
  WaitGroup group;
  for (int i = 0; i < 8; ++i) {
    group.go([] {
      for (int k = 0; k < 1000; ++k) {
        g_count.add(1);
      }
    });
  }
  group.wait();
  EXPECT_EQ(g_count.load(), 8000);
}

TEST(AtomicValueTest, HoldsOneType) {
  AtomicValue value;
  EXPECT_FALSE(value.load().has_value());
  value.store(std::string("first"));
  EXPECT_EQ(value.load<std::string>(), "first");
  EXPECT_EQ(std::any_cast<std::string>(value.swap(std::string("second"))), "first");
  EXPECT_FALSE(value.compare_and_swap(std::string("third"), std::string("x")));
  EXPECT_TRUE(value.compare_and_swap(std::string("second"), std::string("third")));
  EXPECT_EQ(value.load<std::string>(), "third");
  EXPECT_FALSE(value.compare_and_swap(nullptr, std::string("fourth")));
  AtomicValue empty;
  EXPECT_TRUE(empty.compare_and_swap(nullptr, 1));
  EXPECT_EQ(empty.load<int>(), 1);
}

struct Student {};

TEST(AtomicValueTest, PanicsHaveGosTexts) {
  AtomicValue value;
  EXPECT_EQ(text_of_panic([&] { static_cast<void>(value.load<int>()); }),
            "interface conversion: interface {} is nil, not int");
  EXPECT_EQ(text_of_panic([&] { value.store(nullptr); }), "sync/atomic: store of nil value into Value");
  EXPECT_EQ(text_of_panic([&] { value.store(std::any()); }), "sync/atomic: store of nil value into Value");
  value.store(1);
  EXPECT_EQ(text_of_panic([&] { value.store(2.0); }), "sync/atomic: store of inconsistently typed value into Value");
  EXPECT_EQ(text_of_panic([&] { value.swap(2.0); }), "sync/atomic: swap of inconsistently typed value into Value");
  EXPECT_EQ(text_of_panic([&] { value.swap(nullptr); }), "sync/atomic: swap of nil value into Value");
  EXPECT_EQ(text_of_panic([&] { value.compare_and_swap(1, 2.0); }),
            "sync/atomic: compare and swap of inconsistently typed values");
  EXPECT_EQ(text_of_panic([&] { value.compare_and_swap(2.0, 2.0); }),
            "sync/atomic: compare and swap of inconsistently typed value into Value");
  EXPECT_NE(text_of_panic([&] { static_cast<void>(value.load<Student>()); }).find("interface {} is int, not "),
            std::string::npos);
  EXPECT_EQ(value.load<int>(), 1);
}

TEST(AtomicValueTest, ReadersSeeWholeValues) {
  AtomicValue value;
  value.store(std::vector<int>(100, 0));
  WaitGroup group;
  for (int i = 0; i < 4; ++i) {
    group.go([&, i] {
      for (int k = 0; k < 200; ++k) {
        if (i == 0) {
          value.store(std::vector<int>(100, k));
        } else {
          const auto seen = value.load<std::vector<int>>();
          EXPECT_EQ(seen.front(), seen.back());
        }
      }
    });
  }
  group.wait();
}

}  // namespace
}  // namespace gordian::test
