// SPDX-License-Identifier: Apache-2.0
// Whatever the reducer leaves out, what is left says the same: element by element on random threads, and word by word
// on small ones.
#include "analyzer/launch/access_reducer.h"

#include <gtest/gtest.h>

#include <compare>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "runtime/trace/decode.h"

namespace gordian::analysis {
namespace {

using trace::ControlType;
using Words = std::vector<std::uint64_t>;
using StackOfCalls = std::vector<std::uint64_t>;

// What a record says, but for the stack.
struct Said {
  std::uint64_t marker = 0;
  std::uint64_t function = 0;
  std::uint64_t site = 0;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;  // of a range
  auto operator<=>(const Said&) const = default;
};
using Meaning = std::map<Said, std::set<StackOfCalls>>;

// Element by element.
void add_meaning(const Words& words, Meaning& meaning) {
  trace::AccessReader reader(words, 0);
  StackOfCalls stack;
  std::uint64_t marker = 0;
  for (;;) {
    const Result<trace::AccessRecord> record = reader.next();
    ASSERT_TRUE(record) << record.error().what;
    switch (record->type) {
      case trace::AccessRecord::Type::end:
        return;
      case trace::AccessRecord::Type::marker:
        marker = record->ordinal;
        break;
      case trace::AccessRecord::Type::stack:
        if (record->pop == trace::kPopAll) {
          stack.clear();
        } else {
          ASSERT_LE(record->pop, stack.size());
          stack.resize(stack.size() - record->pop);
        }
        stack.insert(stack.end(), record->push.begin(), record->push.end());
        break;
      default:
        ASSERT_FALSE(stack.empty());
        for (std::uint64_t i = 0; i < record->count; ++i) {
          const std::uint64_t address = record->address + i * static_cast<std::uint64_t>(record->stride);
          meaning[{marker, stack.back() & 0xffffffff, record->site, address, record->bytes}].insert(stack);
        }
    }
  }
}

// A thread: loops over arrays at one or several sites, scattered accesses, calls, and now and then an operation.
class Thread {
 public:
  explicit Thread(unsigned seed) : random_(seed) {}

  Words chunk(std::size_t size) {
    Words words = {trace::control_word(ControlType::marker, marker_)};
    words.push_back(trace::stack_word(trace::kPopAll, stack_.size()));
    words.insert(words.end(), stack_.begin(), stack_.end());
    while (words.size() < size) {
      act(words);
    }
    return words;
  }

 private:
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  void act(Words& words) {
    switch (below(10)) {
      case 0:
        marker_ += 1 + below(3);
        words.push_back(trace::control_word(ControlType::marker, marker_));
        break;
      case 1:
      case 2:
        restack(words);
        break;
      case 3:
        words.push_back(trace::control_word(ControlType::strided, below(4)));
        words.insert(words.end(), {address(), 1 + below(5), 8 * below(4)});
        break;
      case 4:
        words.push_back(trace::control_word(ControlType::range, below(4)));
        words.insert(words.end(), {address(), below(100)});
        break;
      case 5:
        words.push_back(trace::control_word(ControlType::wide, 70000 + below(4)));
        words.push_back(address());
        break;
      case 6:
        words.push_back(0);
        break;
      default:
        loop(words);
    }
  }

  void restack(Words& words) {
    const bool is_other_actor = below(4) == 0;
    const std::uint64_t pop = is_other_actor ? stack_.size() : below(stack_.size());
    const std::uint64_t push = (is_other_actor ? 1 : 0) + below(3);
    words.push_back(trace::stack_word(is_other_actor ? trace::kPopAll : pop, push));
    stack_.resize(stack_.size() - pop);
    for (std::uint64_t i = 0; i < push; ++i) {
      stack_.push_back(below(2) << 32 | below(3));
      words.push_back(stack_.back());
    }
  }

  void loop(Words& words) {
    const std::uint64_t sites = 1 + below(3);
    const std::uint64_t stride = (below(5) - 2) * 8;  // wraps around: backwards
    const std::uint64_t first_site = below(8) * 256 % 1025;
    const std::uint64_t start = address();
    for (std::uint64_t i = 0, count = below(12); i < count; ++i) {
      for (std::uint64_t site = 0; site < sites; ++site) {
        const std::uint64_t at = below(10) == 0 ? address() : start + 64 * site + i * stride;
        words.push_back(trace::access_word(first_site + site, at));
      }
    }
  }

  std::uint64_t address() { return 0x10000 + 8 * below(64); }

  std::mt19937_64 random_;
  std::uint64_t marker_ = 1;
  StackOfCalls stack_ = {1};
};

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
      ASSERT_EQ(whole[stream].size(), reduced[stream].size()) << "seed " << seed;
      for (const auto& [said, stacks] : reduced[stream]) {
        const auto found = whole[stream].find(said);
        ASSERT_NE(found, whole[stream].end()) << "seed " << seed;
        for (const StackOfCalls& stack : stacks) {
          ASSERT_TRUE(found->second.contains(stack)) << "seed " << seed;
        }
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
