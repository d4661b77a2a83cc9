// SPDX-License-Identifier: Apache-2.0
// Byte-exact overlap, whole pages, forgetting a part: each against a few lines of expectation; the oracle does the
// rest.
#include "analyzer/model/access_history.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>
#include <tuple>
#include <vector>

namespace gordian::analysis {
namespace {

using trace::AccessKind;

class AccessHistoryTest : public testing::Test, public RaceSink {
 protected:
  void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
            std::uint8_t bytes) override {
    ++races_;
    sites_.insert({earlier.site, later.site});
    for (std::uint64_t i = 0; i < size; ++i) {
      if (size > 8 || (bytes >> i & 1) != 0) {
        bytes_.insert(address + i);
      }
    }
  }
  // Actors that know nothing of each other.
  void access(std::uint32_t actor, std::uint32_t site, AccessKind kind, std::uint64_t address, std::uint64_t size,
              Time now = 1) {
    PastAccess past;
    past.actor = actor;
    past.epoch = {actor, now};
    past.site = site;
    past.kind = kind;
    VectorClock knows;
    knows.set(actor, now);
    history_.access(past, address, size, knows);
  }

  void end_life(std::uint32_t actor, std::uint32_t site, std::uint64_t address, std::uint64_t size, Time now = 1) {
    PastAccess end;
    end.actor = actor;
    end.epoch = {actor, now};
    end.site = site;
    end.kind = AccessKind::write;
    end.ends_life = true;
    VectorClock knows;
    knows.set(actor, now);
    history_.end_life(end, address, size, knows);
  }

  AccessHistory history_{*this, std::uint64_t{1} << 20};
  int races_ = 0;
  std::set<std::uint64_t> bytes_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> sites_;
};

TEST_F(AccessHistoryTest, NeighboursInAGranuleDoNotRace) {
  access(0, 1, AccessKind::write, 0x1000, 4);
  access(1, 2, AccessKind::write, 0x1004, 4);
  EXPECT_EQ(races_, 0);
  access(1, 3, AccessKind::read, 0x1002, 4);
  EXPECT_EQ(bytes_, (std::set<std::uint64_t>{0x1002, 0x1003}));
}

TEST_F(AccessHistoryTest, MemoryBeyondTheBudgetIsCountedAndGivenBackMemoryReused) {
  constexpr std::uint64_t kFar = 0x100000;
  for (std::uint64_t page = 0; page < 3000; ++page) {
    access(0, 1, AccessKind::write, kFar + page * AccessHistory::kPage, 8);
  }
  EXPECT_GT(history_.left_out(), 800u);
  access(1, 2, AccessKind::write, kFar, 8);
  EXPECT_EQ(races_, 1) << "what was remembered still is";
  history_.forget(kFar, 3000 * AccessHistory::kPage);
  access(0, 1, AccessKind::write, kFar, 8);
  access(1, 2, AccessKind::write, kFar, 8);
  EXPECT_EQ(races_, 2);
}

TEST_F(AccessHistoryTest, TheEndOfMemoryRacesWithWhatWasDoneToItAndWithWhatComesAfter) {
  access(0, 1, AccessKind::read, 0x1004, 4);
  access(0, 2, AccessKind::write, 0x1018, 8);  // another block's
  end_life(1, 7, 0x1000, 0x18);
  EXPECT_EQ(sites_, (std::set<std::pair<std::uint32_t, std::uint32_t>>{{1, 7}}));
  EXPECT_EQ(bytes_, (std::set<std::uint64_t>{0x1004, 0x1005, 0x1006, 0x1007}));
  access(2, 3, AccessKind::atomic_read, 0x1010, 4);
  EXPECT_TRUE(sites_.contains({7, 3})) << "a late one";
  access(1, 4, AccessKind::write, 0x1008, 4, 2);
  EXPECT_EQ(sites_.size(), 2u) << "who ended it does not race with that";
  access(2, 5, AccessKind::read, 0x1018, 8);
  EXPECT_TRUE(sites_.contains({2, 5})) << "the neighbour lives on";
}

TEST_F(AccessHistoryTest, ANewLifeKnowsNothingOfTheEndOfTheOldOne) {
  access(0, 1, AccessKind::write, 0x1000, 8);
  end_life(0, 7, 0x1000, 8, 2);
  history_.forget(0x1000, 8);
  access(1, 2, AccessKind::write, 0x1000, 8);
  EXPECT_EQ(races_, 0);
}

// A block of no bytes in memory of which a whole page was written.
TEST_F(AccessHistoryTest, TheEndOfNothingRacesWithNothing) {
  access(0, 1, AccessKind::write, 0x1000, AccessHistory::kPage);
  end_life(1, 7, 0x1010, 0);
  EXPECT_EQ(races_, 0);
  access(2, 3, AccessKind::write, 0x1010, 8);
  EXPECT_FALSE(sites_.contains({7, 3}));
}

// What is left of two accesses at one place may be the same bytes: the later one stands for both, whichever was wider.
TEST_F(AccessHistoryTest, OfTwoThatHaveBecomeOneTheLaterIsKept) {
  access(0, 1, AccessKind::write, 0x1000, 4, 1);
  access(0, 1, AccessKind::write, 0x1000, 8, 2);
  access(0, 1, AccessKind::write, 0x1000, 4, 3);
  history_.forget(0x1004, 4);
  for (std::uint32_t site = 10; site < 100; ++site) {
    access(0, site, AccessKind::write, 0x1000, 4, 3);
  }
  VectorClock knows;
  knows.set(0, 2);
  PastAccess read;
  read.actor = 1;
  read.epoch = {1, 1};
  read.site = 200;
  history_.access(read, 0x1000, 4, knows);
  EXPECT_TRUE(sites_.contains({1, 200}));
}

TEST_F(AccessHistoryTest, TheEndOfManyPagesIsRememberedWhereTheyWereTouched) {
  constexpr std::uint64_t kFar = 0x100000;
  constexpr std::uint64_t kSize = std::uint64_t{1} << 40;
  access(0, 1, AccessKind::write, kFar + 8, 8);
  access(0, 2, AccessKind::write, kFar + 4 * AccessHistory::kPage, AccessHistory::kPage);
  end_life(1, 7, kFar, kSize);
  EXPECT_EQ(races_, 2);
  access(2, 3, AccessKind::read, kFar + 16, 8);
  access(2, 4, AccessKind::read, kFar + 4 * AccessHistory::kPage + 16, 8);
  EXPECT_EQ(races_, 4);
  access(2, 5, AccessKind::read, kFar + 9 * AccessHistory::kPage, 8);
  EXPECT_EQ(races_, 4);
  EXPECT_EQ(history_.left_out(), 0u);
}

TEST_F(AccessHistoryTest, UnalignedAccessesRaceAcrossGranules) {
  access(0, 1, AccessKind::write, 0x1006, 8);
  access(1, 2, AccessKind::read, 0x1000, 16);
  EXPECT_EQ(bytes_.size(), 8u);
  EXPECT_EQ(*bytes_.begin(), 0x1006u);
}

TEST_F(AccessHistoryTest, ReadsAndAtomicsAmongThemselvesDoNotRace) {
  access(0, 1, AccessKind::read, 0x1000, 8);
  access(1, 2, AccessKind::read, 0x1000, 8);
  access(0, 3, AccessKind::atomic_write, 0x2000, 8);
  access(1, 4, AccessKind::atomic_write, 0x2000, 8);
  EXPECT_EQ(races_, 0);
  access(2, 5, AccessKind::write, 0x2000, 8);
  EXPECT_EQ(races_, 2);
}

TEST_F(AccessHistoryTest, AllPairsOfSitesAreReported) {
  for (std::uint32_t site = 0; site < 40; ++site) {
    access(0, site, AccessKind::write, 0x1000, 8);
  }
  access(1, 100, AccessKind::write, 0x1000, 8);
  EXPECT_EQ(sites_.size(), 40u);
}

TEST_F(AccessHistoryTest, APageAgainstAGranuleInBothOrders) {
  access(0, 1, AccessKind::write, 0x1400, 4096);
  access(1, 2, AccessKind::read, 0x1801, 2);
  EXPECT_EQ(bytes_, (std::set<std::uint64_t>{0x1801, 0x1802}));
  access(0, 3, AccessKind::write, 0x9004, 4);
  access(1, 4, AccessKind::read, 0x9000, 4096);
  EXPECT_TRUE(bytes_.contains(0x9004) && !bytes_.contains(0x9008));
}

TEST_F(AccessHistoryTest, ForgetsExactlyTheBytes) {
  access(0, 1, AccessKind::write, 0x1000, 1024);
  access(0, 2, AccessKind::write, 0x2000, 8);
  history_.forget(0x1100, 0x10);
  history_.forget(0x2002, 2);
  access(1, 3, AccessKind::write, 0x1100, 0x10);
  access(1, 3, AccessKind::write, 0x2002, 2);
  EXPECT_EQ(races_, 0);
  access(1, 4, AccessKind::write, 0x10fe, 4);
  access(1, 4, AccessKind::write, 0x2003, 2);
  EXPECT_EQ(bytes_, (std::set<std::uint64_t>{0x10fe, 0x10ff, 0x2004}));
}

TEST_F(AccessHistoryTest, ForgettingALargeRangeCostsItsPages) {
  access(0, 1, AccessKind::write, 0x1000, 8);
  history_.forget(0, std::uint64_t{1} << 46);
  access(1, 2, AccessKind::write, 0x1000, 8);
  EXPECT_EQ(races_, 0);
}

// What was done to one granule is told of the next by number; not on which stack.
TEST(AccessStacks, AreThoseOfTheGranule) {
  struct Stacks : RaceSink {
    void race(const PastAccess& earlier, const PastAccess& /*later*/, std::uint64_t /*address*/, std::uint64_t /*size*/,
              std::uint8_t /*bytes*/) override {
      seen.push_back(earlier.stack.value);
    }
    std::vector<std::uint32_t> seen;
  };
  Stacks sink;
  AccessHistory history(sink, std::uint64_t{1} << 20);
  VectorClock knows;
  knows.set(0, 1);
  PastAccess write{.kind = AccessKind::write, .epoch = {0, 1}};
  for (std::uint32_t stack = 1; stack <= 3; ++stack) {
    write.stack = StackId(stack);
    history.access(write, 0x1000 + stack * 8, 8, knows);
  }
  history.access({.actor = 1, .epoch = {1, 1}}, 0x1008, 24, VectorClock());
  EXPECT_EQ(sink.seen, (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST(AccessFunctions, AreToldApart) {
  struct Functions : RaceSink {
    void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t /*address*/, std::uint64_t /*size*/,
              std::uint8_t /*bytes*/) override {
      seen.insert({earlier.function.value, earlier.site, later.function.value, later.site});
    }
    std::set<std::array<std::uint32_t, 4>> seen;
  };
  Functions sink;
  AccessHistory history(sink, std::uint64_t{1} << 20);
  constexpr std::uint32_t kSites[] = {5, 5 + (std::uint32_t{1} << 21), 5 + (std::uint32_t{1} << 31), 6};
  std::size_t pairs = 0;
  for (const std::uint32_t actor : {0u, 1u}) {
    pairs = 0;
    for (std::uint32_t function = 1; function < 1000; ++function) {
      for (const std::uint32_t site : kSites) {
        history.access({.actor = actor,
                        .function = FunctionId(function + actor),
                        .site = site,
                        .kind = AccessKind::write,
                        .epoch = {actor, 1}},
                       0x1000 + 16 * ++pairs, 8, VectorClock());
      }
    }
  }
  for (std::uint32_t function = 1; function < 1000; ++function) {
    for (const std::uint32_t site : kSites) {
      EXPECT_TRUE(sink.seen.contains({function, site, function + 1, site}));
    }
  }
  EXPECT_EQ(sink.seen.size(), pairs);
}

// Many at once are the same as one after the other, whatever came in between, and however soon what nobody needs any
// more is used again: the same races, as often, in the same order.
class Log : public RaceSink {
 public:
  void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
            std::uint8_t bytes) override {
    races.emplace_back(identity(earlier), identity(later), address, size, bytes);
  }
  using Identity = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, trace::AccessKind, unsigned, bool, Time>;
  static Identity identity(const PastAccess& access) {
    return {access.actor, access.function.value, access.site,      access.kind,
            access.bytes, access.ends_life,      access.epoch.time};
  }
  std::vector<std::tuple<Identity, Identity, std::uint64_t, std::uint64_t, unsigned>> races;
};

class TwoHistories {
 public:
  explicit TwoHistories(std::uint64_t seed) : random_(seed), clocks_(kActors) {
    for (std::uint32_t actor = 0; actor < kActors; ++actor) {
      clocks_[actor].set(actor, 1);
    }
  }

  void act() {
    const auto actor = static_cast<std::uint32_t>(random_() % kActors);
    switch (random_() % 9) {
      case 0:
        synchronise(actor);
        break;
      case 1:
        forget();
        break;
      case 2: {
        const std::uint64_t page = kBase + random_() % 3 * AccessHistory::kPage;
        const PastAccess access = by(actor, AccessKind::write);
        at_once_.access(access, page, AccessHistory::kPage, clocks_[actor]);
        one_by_one_.access(access, page, AccessHistory::kPage, clocks_[actor]);
        break;
      }
      case 3:
        spread(actor);
        break;
      default:
        run(actor);
    }
  }

  Log at_once;
  Log one_by_one;

 private:
  static constexpr std::uint32_t kActors = 3;
  static constexpr std::uint64_t kBase = 0x10000;

  PastAccess by(std::uint32_t actor, AccessKind kind) {
    PastAccess access;
    access.actor = actor;
    access.epoch = {actor, clocks_[actor].at(actor)};
    access.kind = kind;
    return access;
  }
  void synchronise(std::uint32_t actor) {
    clocks_[actor].join(clocks_[random_() % kActors]);
    clocks_[actor].set(actor, clocks_[actor].at(actor) + 1);
  }
  void forget() {
    const std::uint64_t address = kBase + random_() % (3 * AccessHistory::kPage);
    const std::uint64_t size = random_() % 2 == 0 ? 1 + random_() % 64 : AccessHistory::kPage * 2;
    at_once_.forget(address, size);
    one_by_one_.forget(address, size);
  }
  void run(std::uint32_t actor) {
    std::vector<PlainAccess> accesses(1 + random_() % 40);
    const std::uint64_t start = kBase + random_() % (3 * AccessHistory::kPage);
    for (PlainAccess& access : accesses) {
      access = {.address = start + random_() % 32,
                .size = static_cast<std::uint32_t>(std::array{0, 1, 2, 4, 8, 16}[random_() % 6]),
                .site = static_cast<std::uint16_t>(random_() % 12),
                .kind = static_cast<AccessKind>(random_() % 4)};
    }
    at_once_.accesses(by(actor, AccessKind::read), accesses, clocks_[actor]);
    for (const PlainAccess& access : accesses) {
      PastAccess one = by(actor, access.kind);
      one.site = access.site;
      one_by_one_.access(one, access.address, access.size, clocks_[actor]);
    }
  }

  // In pages that are touched, whole, or new; up to steps that are just too large to go page by page.
  void spread(std::uint32_t actor) {
    const auto kind = static_cast<AccessKind>(random_() % 4);
    const std::uint64_t start = kBase + random_() % (3 * AccessHistory::kPage);
    const std::uint64_t size = std::array{1, 2, 4, 8}[random_() % 4];
    const std::uint64_t step = std::array{8, 16, 24, 248, 256, 264}[random_() % 6];
    const std::uint64_t count = 2 + random_() % 40;
    PastAccess access = by(actor, kind);
    at_once_.elements(access, start, size, count, step, clocks_[actor]);
    for (std::uint64_t i = 0; i < count; ++i) {
      one_by_one_.access(access, start + i * step, size, clocks_[actor]);
    }
  }

  std::mt19937_64 random_;
  std::vector<VectorClock> clocks_;
  AccessHistory at_once_{at_once, std::uint64_t{1} << 20};
  AccessHistory one_by_one_{one_by_one, std::uint64_t{1} << 20, {.freed = 2, .shared = 2}};  // and nothing left lying
};

TEST(AccessRuns, AreTheirAccesses) {
  std::size_t races = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    TwoHistories histories(seed);
    for (int i = 0; i < 200; ++i) {
      histories.act();
    }
    ASSERT_TRUE(histories.at_once.races == histories.one_by_one.races) << "seed " << seed;
    races += histories.at_once.races.size();
  }
  EXPECT_GT(races, 100'000U);
}

}  // namespace
}  // namespace gordian::analysis
