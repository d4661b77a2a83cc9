// SPDX-License-Identifier: Apache-2.0
// What the filter leaves in the chunk says the same: element by element on random threads, and as a recorded process
// uses it.
#include "runtime/record/access_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "runtime/record/ring.h"
#include "tests/support/access_threads.h"
#include "tests/unit/record/program.h"
#include "tests/unit/record/recorded.h"

namespace gordian::test {
namespace {

using rt::record::AccessFilter;

// A chunk that fills piece by piece: of some pieces the words may be overwritten, of others they are committed.
Words fill(AccessFilter& filter, Thread& thread, std::mt19937_64& random, Words& all) {
  constexpr std::size_t kMost = 8192;
  Words chunk;
  filter.begin_chunk();
  for (unsigned piece = 0, count = 1 + random() % 4; piece < count; ++piece) {
    Words words = piece == 0 ? thread.chunk(random() % 300) : Words{};
    thread.more(random() % 300, words);
    all.insert(all.end(), words.begin(), words.end());
    const std::size_t begin = chunk.size();
    chunk.insert(chunk.end(), words.begin(), words.end());
    EXPECT_LE(chunk.size(), kMost);
    if (random() % 3 == 0) {
      const Words before = chunk;
      filter.note(chunk.data() + begin, chunk.data() + chunk.size());
      EXPECT_EQ(chunk, before);
      continue;
    }
    const std::uint64_t* const end = filter.reduce(chunk.data() + begin, chunk.data() + chunk.size());
    const auto size = static_cast<std::size_t>(end - chunk.data());
    EXPECT_EQ(Words(chunk.begin() + static_cast<std::ptrdiff_t>(size), chunk.end()), Words(chunk.size() - size));
    chunk.resize(size);
  }
  return chunk;
}

TEST(AccessFilter, SaysTheSameInFewerWords) {
  std::size_t before = 0;
  std::size_t after = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE(seed);
    const auto filter = std::make_unique<AccessFilter>();
    std::mt19937_64 random(seed);
    Thread thread(seed);
    Meaning whole;
    Meaning reduced;
    for (unsigned chunk = 0; chunk < 4; ++chunk) {
      Words all;
      const Words left = fill(*filter, thread, random, all);
      add_meaning(all, whole);
      add_meaning(left, reduced);
      before += all.size();
      after += left.size();
    }
    expect_same(whole, reduced);
    if (HasFatalFailure()) {
      return;
    }
  }
  EXPECT_LT(after * 20, before * 19) << before << " words became " << after;
}

Words reduce(AccessFilter& filter, Words words) {
  words.resize(static_cast<std::size_t>(filter.reduce(words.data(), words.data() + words.size()) - words.data()));
  return words;
}

Words with_stack(std::uint64_t marker, Words rest) {
  Words words = {trace::control_word(ControlType::marker, marker), trace::stack_word(trace::kPopAll, 1), 7};
  words.insert(words.end(), rest.begin(), rest.end());
  return words;
}

const std::uint64_t kAccess = trace::access_word(5, 0x1000);

TEST(AccessFilter, ASegmentGoesOnInTheNextChunk) {
  const auto filter = std::make_unique<AccessFilter>();
  const auto chunk = [&](std::uint64_t marker) {
    filter->begin_chunk();
    return reduce(*filter, with_stack(marker, {kAccess, kAccess}));
  };
  EXPECT_EQ(chunk(3), with_stack(3, {kAccess}));
  EXPECT_EQ(chunk(3), with_stack(3, {}));
  EXPECT_EQ(chunk(4), with_stack(4, {kAccess}));
  filter->forget();
  EXPECT_EQ(chunk(4), with_stack(4, {kAccess}));
}

// The thread's next words are a delta against the stack that it has told last.
TEST(AccessFilter, TheStackIsToldAtTheEnd) {
  const auto filter = std::make_unique<AccessFilter>();
  filter->begin_chunk();
  EXPECT_EQ(reduce(*filter, with_stack(3, {kAccess, trace::stack_word(0, 2), 8, 9, trace::stack_word(1, 0)})),
            with_stack(3, {kAccess, trace::stack_word(0, 1), 8}));
}

TEST(AccessFilter, WhatItDoesNotUnderstandStaysUntilTheNextChunk) {
  const Words rests[] = {
      {trace::control_word(static_cast<ControlType>(31), 0), kAccess},
      {trace::control_word(ControlType::strided, 5), 0x1000, 8},
      {trace::stack_word(0, 5), kAccess},
      {trace::stack_word(2, 0), kAccess},
  };
  for (const Words& rest : rests) {
    const auto filter = std::make_unique<AccessFilter>();
    filter->begin_chunk();
    Words words = with_stack(3, {kAccess, kAccess});
    words.insert(words.end(), rest.begin(), rest.end());
    EXPECT_EQ(reduce(*filter, words), words);
    EXPECT_EQ(reduce(*filter, Words{kAccess, kAccess}), (Words{kAccess, kAccess}));
    filter->begin_chunk();
    EXPECT_EQ(reduce(*filter, with_stack(4, {kAccess, kAccess})), with_stack(4, {kAccess}));
  }
}

const std::uint32_t kOuter = 3;
const std::uint32_t kInner = 4;
const std::uint32_t kHandler = 5;

void repeat_in_calls(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    call(1);
    enter(kInner);
    for (std::uint64_t site = 1; site <= 50; ++site) {
      access(site, 0x1000 + 64 * site);
    }
    leave();
    access(1, 0x1000);
  }
}

// Thousands of repetitions, with calls between them, and a drainer that does not come.
void repeat_accesses() {
  start_main();
  enter(kOuter);
  repeat_in_calls(10000);
  rt::record::emit(trace::Fence{.order = 1});
  repeat_in_calls(10000);
  rt::record::publish();
}

using Accesses = std::set<std::tuple<std::uint64_t, std::vector<std::uint32_t>, std::uint64_t>>;

Accesses accesses_of(const Recorded& seen) {
  Accesses accesses;
  EXPECT_EQ(seen.accesses.size(), 1u);
  for (const SeenAccess& access : seen.accesses.begin()->second) {
    accesses.insert({access.marker, access.stack, access.address});
  }
  return accesses;
}

TEST(AccessFilter, KeepsAProducerFromFillingTheRing) {
  const Recorded seen = record_in_child(repeat_accesses, 40);  // a fifth of what it would take
  EXPECT_EQ(seen.lost_access, 0u);
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
  EXPECT_EQ(accesses_of(seen).size(), 2 * 51u);
}

// Its buffer holds 6,144 words; the rest is lost, and counted.
TEST(AccessFilter, AHandlerWithMoreThanItsRoomKeepsWhatHadRoom) {
  constexpr int kSegments = 50;
  const Recorded seen = record_in_child(
      [] {
        start_main();
        enter(kOuter);
        repeat_in_calls(10000);
        for (int segment = 0; segment < kSegments; ++segment) {
          rt::record::emit(trace::Fence{.order = 1});
          repeat_in_calls(300 + 3 * segment);  // the chunk is here or there
          {
            const rt::record::HandlerScope handler;
            enter(kHandler);
            for (int index = 0; index < 10000; ++index) {
              access(1, 8);
            }
            leave();
          }
          repeat_in_calls(300);
        }
        rt::record::publish();
      },
      256);
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
  EXPECT_NEAR(static_cast<double>(seen.lost_access), kSegments * (10000 - 6144), kSegments * 10);
  EXPECT_EQ(accesses_of(seen).size(), (1 + kSegments) * 51u + kSegments);
}

void seal_chunks(std::uint64_t count) {
  for (std::uint64_t index = 0; index < count; ++index) {
    rt::record::g_ring.seal(rt::record::g_ring.take(trace::Family::tables, 0, index));
  }
}

// What has been through it is not taken for a repetition of itself.
TEST(AccessFilter, AHandlerBetweenTwoOfItsRoundsTakesNothingAway) {
  const Recorded seen = record_in_child(
      [] {
        start_main();
        seal_chunks(30);
        enter(kOuter);
        for (std::uint64_t index = 0; index < 9100; ++index) {
          access(1, 0x100000 + 8 * std::min<std::uint64_t>(index, 99));
        }
        {
          const rt::record::HandlerScope handler;
          enter(kHandler);
          for (std::uint64_t index = 0; index < 7000; ++index) {
            access(2, 0x5000 + 8 * index);
          }
          leave();
        }
        for (int index = 0; index < 9000; ++index) {
          access(3, 0x1000);
        }
        rt::record::publish();
      },
      64);
  std::set<std::uint64_t> found;
  for (const SeenAccess& access : seen.accesses.begin()->second) {
    if (access.site == 1) {
      found.insert(access.address);
    }
  }
  EXPECT_EQ(found.size(), 100u);
}

// Half of the chunk is free after it, and the stack that is due is longer.
TEST(AccessFilter, AStackThatFindsNoRoomBehindItBeginsAChunk) {
  const Recorded seen = record_in_child(
      [] {
        start_main();
        seal_chunks(30);
        enter(kOuter);
        for (int index = 0; index < 8100; ++index) {
          access(1, 0x1000);
        }
        call(1);
        for (int depth = 0; depth < 12000; ++depth) {
          enter(kInner);
          call(2);
        }
        access(7, 0x7000);
        if (gordian_rt_thread.access_cursor > gordian_rt_thread.access_limit) {
          _exit(1);
        }
        rt::record::publish();
      },
      64);
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
  ASSERT_EQ(seen.accesses.size(), 1u);
  EXPECT_EQ(seen.accesses.begin()->second.back().address, 0x7000u);
}

TEST(AccessFilter, LeavesAllWhenTheUserWantsAll) {
  const Recorded seen = record_in_child(
      [] {
        rt::record::g_ring.header()->keeps_all = 1;
        repeat_accesses();
      },
      256);
  EXPECT_EQ(seen.lost_access, 0u);
  ASSERT_EQ(seen.accesses.size(), 1u);
  EXPECT_EQ(seen.accesses.begin()->second.size(), 20000 * 51u);
}

}  // namespace
}  // namespace gordian::test
