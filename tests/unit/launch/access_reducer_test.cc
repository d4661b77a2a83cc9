// SPDX-License-Identifier: Apache-2.0
// Whatever the reducer leaves out, what is left says the same: element by element on random threads, and word by word
// on small ones.
#include "analyzer/launch/access_reducer.h"

#include <gtest/gtest.h>

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
  const auto left = reducer.reduce(stream, words.data(), words.size());
  return {left.begin(), left.end()};
}

TEST(AccessReducer, SaysTheSameInFewerWords) {
  std::size_t before = 0;
  std::size_t after = 0;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    AccessReducer reducer;
    Thread threads[] = {Thread(seed), Thread(seed + 100000)};
    Meaning whole[2];
    Meaning reduced[2];
    for (unsigned chunk = 0; chunk < 6; ++chunk) {
      const unsigned stream = chunk % 2;  // both at the same place
      const Words words = threads[stream].chunk(20 + seed % 300);
      const Words left = reduce(reducer, words, 1 + 256 * stream);
      ASSERT_LE(left.size(), words.size());
      add_meaning(words, whole[stream]);
      add_meaning(left, reduced[stream]);
      before += words.size();
      after += left.size();
    }
    for (unsigned stream = 0; stream < 2; ++stream) {
      SCOPED_TRACE(seed);
      expect_same(whole[stream], reduced[stream]);
      if (testing::Test::HasFatalFailure()) {
        return;
      }
    }
  }
  EXPECT_LT(after * 10, before * 8) << before << " words became " << after;
}

Words with_stack(Words rest) {
  Words words = {trace::control_word(ControlType::marker, 3), trace::stack_word(trace::kPopAll, 1), 7};
  words.insert(words.end(), rest.begin(), rest.end());
  return words;
}

// A reader's patience with large records is limited.
TEST(AccessReducer, ALoopIsARecordForSixtyFour) {
  Words loop;
  for (std::uint64_t i = 0; i < 128; ++i) {
    loop.push_back(trace::access_word(5, 0x1000 + 8 * i));
    loop.push_back(trace::access_word(6, 0x9000 - 16 * i));
  }
  const auto part = [](std::uint64_t site, std::uint64_t address, std::uint64_t stride) {
    return Words{trace::control_word(ControlType::strided, site), address, 64, stride};
  };
  Words parts;
  for (const Words& each : {part(5, 0x1000, 8), part(6, 0x9000, std::uint64_t{0} - 16), part(5, 0x1200, 8),
                            part(6, 0x8c00, std::uint64_t{0} - 16)}) {
    parts.insert(parts.end(), each.begin(), each.end());
  }
  AccessReducer reducer;
  EXPECT_EQ(reduce(reducer, with_stack(loop)), with_stack(parts));
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
    EXPECT_EQ(reduce(reducer, words), left);
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
