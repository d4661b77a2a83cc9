// SPDX-License-Identifier: Apache-2.0
// Whatever the reducer leaves out, what is left says the same: element by element on random threads, and word by word
// on small ones.
#include "analyzer/launch/access_reducer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/support/access_threads.h"

namespace gordian::analysis {
namespace {

using test::add_meaning;
using test::expect_same;
using test::Meaning;
using test::Thread;
using test::Words;
using trace::ControlType;

Words reduce(AccessReducer& reducer, const Words& words, std::uint64_t stream = 1) {
  reducer.begin(stream);
  reducer.take(0, words.data(), words.size());
  const auto left = reducer.end();
  return {left.begin(), left.end()};
}

// Chunks of two threads in turn, one or some at once.
void compare(unsigned seed, std::size_t& before, std::size_t& after) {
  std::mt19937 random(seed);
  AccessReducer reducer;
  Thread threads[] = {Thread(seed), Thread(seed + 100000)};
  Meaning whole[2];
  Meaning reduced[2];
  for (unsigned turn = 0; turn < 6; ++turn) {
    const unsigned stream = turn % 2;
    reducer.begin(1 + 256 * stream);  // both at the same place
    std::size_t words_taken = 0;
    for (auto chunks = 1 + random() % 3; chunks > 0; --chunks) {
      const Words words = threads[stream].chunk(20 + seed % 600);
      ASSERT_TRUE(reducer.take(trace::control_payload(words[0]), words.data(), words.size()));
      words_taken += words.size();
      add_meaning(words, whole[stream]);
    }
    const auto left = reducer.end();
    ASSERT_LE(left.size(), words_taken);
    add_meaning({left.begin(), left.end()}, reduced[stream]);
    before += words_taken;
    after += left.size();
  }
  for (unsigned stream = 0; stream < 2; ++stream) {
    expect_same(whole[stream], reduced[stream]);
  }
}

TEST(AccessReducer, SaysTheSameInFewerWords) {
  std::size_t before = 0;
  std::size_t after = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE(seed);
    compare(seed, before, after);
    if (testing::Test::HasFatalFailure()) {
      return;
    }
  }
  EXPECT_LT(after * 10, before * 8) << before << " words became " << after;
}

Words with_stack(Words rest) {
  Words words = {trace::control_word(ControlType::marker, 3), trace::stack_word(trace::kPopAll, 1), 7};
  words.insert(words.end(), rest.begin(), rest.end());
  return words;
}

void append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

// As many as are written as they are.
Words first_accesses() {
  Words words;
  for (std::uint64_t i = 0; i < 32; ++i) {
    words.push_back(trace::access_word(9, 0x100000 + 0x10000 * i * i));
  }
  return words;
}

// What a segment that begins with those leaves of `rest`.
Words left_of(const Words& rest) {
  Words words = with_stack(first_accesses());
  const auto head = static_cast<std::ptrdiff_t>(words.size());
  append(words, rest);
  AccessReducer reducer;
  const Words left = reduce(reducer, words);
  EXPECT_TRUE(std::equal(words.begin(), words.begin() + head, left.begin()));
  return {left.begin() + head, left.end()};
}

TEST(AccessReducer, NeighboursAreABitmapInWhateverOrder) {
  Words scattered;
  for (std::uint64_t i = 0; i < 128; ++i) {
    scattered.push_back(trace::access_word(5, 0x1000 + 8 * ((i + 1) * 45 % 128)));
    scattered.push_back(trace::access_word(6, 0x8000 + 4 * ((i + 1) * 13 % 32)));
  }
  constexpr std::uint64_t kAll = ~std::uint64_t{0};
  EXPECT_EQ(left_of(scattered), (Words{trace::bitmap_word(5, 3, 2), 0x1000, kAll, kAll,
                                       trace::control_word(ControlType::strided, 6), 0x8000, 32, 4}));
}

TEST(AccessReducer, AFewNeighboursStaySingle) {
  const Words few = {trace::access_word(5, 0x1000), trace::access_word(5, 0x1010), trace::access_word(5, 0x1038)};
  EXPECT_EQ(left_of(few), few);
}

TEST(AccessReducer, NeighboursWithGapsAreABitmap) {
  Words loop;
  for (std::uint64_t i = 0; i < 24; ++i) {
    loop.push_back(trace::access_word(5, 0x17a8 + 8 * i + 8 * (i / 2)));
  }
  EXPECT_EQ(left_of(loop), (Words{trace::bitmap_word(5, 3, 1), 0x1600, std::uint64_t{0x6db} << 53,
                                  trace::bitmap_word(5, 3, 1), 0x1800, 0xdb6db6}));
}

// A reader's patience with large records is limited.
TEST(AccessReducer, ALongerStrideIsARecordForSixtyFour) {
  Words loop;
  for (std::uint64_t i = 0; i < 130; ++i) {
    loop.push_back(trace::access_word(6, 0x90000 - 24 * i));
  }
  const std::uint64_t stride = std::uint64_t{0} - 24;
  const Words strided = {trace::control_word(ControlType::strided, 6),
                         0x90000 - 48,
                         64,
                         stride,
                         trace::control_word(ControlType::strided, 6),
                         0x90000 - 66 * 24,
                         64,
                         stride,
                         trace::access_word(6, 0x90000),
                         trace::access_word(6, 0x90000 - 24)};
  EXPECT_EQ(left_of(loop), strided);
}

TEST(AccessReducer, ShortRangesAreOneBitmap) {
  Words ranges;
  for (std::uint64_t i = 0; i < 40; ++i) {
    append(ranges, {trace::control_word(ControlType::range, 5), 0x1000 + 6 * (i * 7 % 40), 2 + 2 * (i % 2)});
  }
  const Words left = left_of(ranges);
  ASSERT_EQ(left.size(), 4u);
  EXPECT_EQ(left[0], trace::bitmap_word(5 | trace::kBitmapOfRanges, 1, 2));
  Meaning whole;
  Meaning reduced;
  add_meaning(with_stack(ranges), whole);
  add_meaning(with_stack(left), reduced);
  expect_same(whole, reduced);
}

TEST(AccessReducer, EachStackIsToldOnce) {
  Words words = {trace::stack_word(0, 1), 8};
  for (std::uint64_t i = 0; i < 63; ++i) {
    append(words, {trace::access_word(5, 0x1008 + 8 * i), trace::stack_word(1, 1), 9 - i % 2});
  }
  constexpr std::uint64_t kEven = 0x5555'5555'5555'5555;
  EXPECT_EQ(left_of(words),
            (Words{trace::stack_word(0, 1), 8, trace::bitmap_word(5, 3, 1), 0x1000, kEven << 1, trace::stack_word(1, 1),
                   9, trace::control_word(ControlType::strided, 5), 0x1010, 31, 16}));
}

TEST(AccessReducer, ChunksAreJoined) {
  const auto chunk = [](std::uint64_t first, std::uint64_t end) {
    Words words = {trace::stack_word(trace::kPopAll, 1), 7};
    for (std::uint64_t i = first; i < end; ++i) {
      words.push_back(trace::access_word(5, 0x1000 + 8 * i));
    }
    return words;
  };
  AccessReducer reducer;
  reducer.begin(1);
  for (const Words& words : {with_stack(first_accesses()), chunk(1, 20), chunk(20, 40)}) {
    EXPECT_TRUE(reducer.take(3, words.data(), words.size()));
  }
  const Words later = chunk(1, 2);
  EXPECT_TRUE(reducer.take(4, later.data(), later.size()));
  const auto left = reducer.end();
  Words expected = with_stack(first_accesses());
  append(expected, {trace::stack_word(trace::kPopAll, 1), 7, trace::control_word(ControlType::strided, 5), 0x1008, 39,
                    8, trace::control_word(ControlType::marker, 4), trace::stack_word(trace::kPopAll, 1), 7,
                    trace::access_word(5, 0x1008)});
  EXPECT_EQ(Words(left.begin(), left.end()), expected);
}

// Each of them costs what it does not have in common with the one before.
TEST(AccessReducer, ManyStacksBelowADeepOne) {
  constexpr std::uint64_t kDepth = 4000;
  Words words = with_stack(first_accesses());
  words.push_back(trace::stack_word(0, kDepth));
  for (std::uint64_t i = 0; i < kDepth; ++i) {
    words.push_back(i << 32 | 8);
  }
  for (std::uint64_t i = 0; i < 1000; ++i) {
    append(words,
           {trace::stack_word(0, 1), i << 32 | 9, trace::access_word(5, 0x1008 + 0x1000 * i), trace::stack_word(1, 0)});
  }
  AccessReducer reducer;
  const Words left = reduce(reducer, words);
  EXPECT_LE(left.size(), words.size());
  Meaning whole;
  Meaning reduced;
  add_meaning(words, whole);
  add_meaning(left, reduced);
  expect_same(whole, reduced);
}

TEST(AccessReducer, WhatLeavesTheAddressSpaceStaysAsItIs) {
  constexpr std::uint64_t kLast = trace::kAddressMask - 7;
  const Words words = {trace::control_word(ControlType::strided, 4), kLast, 4, 8,
                       trace::control_word(ControlType::range, 4),   kLast, 16};
  EXPECT_EQ(left_of(words), words);
}

TEST(AccessReducer, AMatrixIsToldOnce) {
  const auto matrix = [](std::uint64_t row_stride) {
    return Words{trace::control_word(ControlType::matrix, 5), 0x1000, 8, 8, 8, row_stride};
  };
  Words both = matrix(4096);
  const Words other = matrix(8192);
  both.insert(both.end(), other.begin(), other.end());
  Words twice = both;
  twice.insert(twice.end(), both.begin(), both.end());
  AccessReducer reducer;
  EXPECT_EQ(reduce(reducer, with_stack(twice)), with_stack(both));
}

TEST(AccessReducer, ASegmentGoesOnInTheNextChunk) {
  const Words first =
      with_stack({trace::control_word(ControlType::range, 6), 0x2000, 8, trace::access_word(5, 0x1000)});
  const Words other = with_stack({trace::access_word(5, 0x1008)});
  AccessReducer reducer;
  EXPECT_EQ(reduce(reducer, first), first);
  EXPECT_EQ(reduce(reducer, first, 2), first) << "another thread";
  EXPECT_EQ(reduce(reducer, first, 1 + 256), first) << "one that is kept at the same place";
  EXPECT_EQ(reduce(reducer, first), first) << "and has pushed the other out";
  EXPECT_EQ(reduce(reducer, first), Words{});
  EXPECT_EQ(reduce(reducer, other), other);
  Words later = first;
  later.front() = trace::control_word(ControlType::marker, 4);
  EXPECT_EQ(reduce(reducer, later), later);
  EXPECT_EQ(reduce(reducer, later, 2), later);
  EXPECT_EQ(reduce(reducer, later), Words{});
}

// As ProcessDrain does it when the disk has no room.
TEST(AccessReducer, NothingCountsAsSaidThatWasNotStored) {
  const Words words =
      with_stack({trace::control_word(ControlType::range, 6), 0x2000, 8, trace::access_word(5, 0x1000)});
  AccessReducer reducer;
  EXPECT_EQ(reduce(reducer, words), words);
  reducer.forget();
  EXPECT_EQ(reduce(reducer, words), words);
}

// Readers leave out a record that spans more than any program touches in one go.
TEST(AccessReducer, WhatLiesFarApartStaysSingle) {
  Words scattered;
  for (std::uint64_t i = 0; i < 100; ++i) {
    scattered.push_back(trace::access_word(5, 0x1000 + (i << 23)));
  }
  AccessReducer reducer;
  EXPECT_EQ(reduce(reducer, with_stack(scattered)), with_stack(scattered));
}

TEST(AccessReducer, AStackThatNoRecordNeedsIsLeftOut) {
  const std::uint64_t access = trace::access_word(5, 0x1000);
  AccessReducer reducer;
  EXPECT_EQ(reduce(reducer, with_stack({access, trace::stack_word(0, 2), 8, 9, trace::stack_word(1, 0), access,
                                        trace::stack_word(1, 1), 8, access, trace::stack_word(1, 0), access})),
            with_stack({access, trace::stack_word(0, 1), 8, access}));
}

TEST(AccessReducer, WordsOfNoRecordStayAsTheyAre) {
  const std::uint64_t access = trace::access_word(5, 0x1000);
  const Words rests[] = {
      {trace::control_word(static_cast<ControlType>(31), 0), access, access},  // nobody knows
      {trace::stack_word(2, 0), access, access},                               // pops more than there is
      {trace::stack_word(0, 5), access, access},                               // pushes more than there is
      {trace::control_word(ControlType::strided, 5), 0x1000, 8},               // cut off
  };
  for (const Words& rest : rests) {
    Words words = with_stack({access, access});
    words.insert(words.end(), rest.begin(), rest.end());
    Words left = with_stack({access});
    left.insert(left.end(), rest.begin(), rest.end());
    AccessReducer reducer;
    reducer.begin(1);
    EXPECT_FALSE(reducer.take(3, words.data(), words.size()));
    const auto end = reducer.end();
    EXPECT_EQ(Words(end.begin(), end.end()), left);
  }
  AccessReducer reducer;
  const Words without_stack = {access, access, trace::control_word(ControlType::wide, 5), 0x1000};
  EXPECT_EQ(reduce(reducer, without_stack), without_stack);
}

TEST(AccessReducer, SurvivesAnyWords) {
  std::mt19937_64 random(1);
  AccessReducer reducer;
  for (int round = 0; round < 3000; ++round) {
    Words words(random() % 200);
    for (std::uint64_t& word : words) {
      const std::uint64_t type = random() % 8;
      word = random() % 3 == 0 ? trace::control_word(static_cast<ControlType>(type), random() % 4 << 32 | random() % 3)
                               : random() >> random() % 64;
    }
    EXPECT_LE(reduce(reducer, words).size(), words.size());
  }
}

}  // namespace
}  // namespace gordian::analysis
