// SPDX-License-Identifier: Apache-2.0
// Byte-exact overlap, whole pages, forgetting a part: each against a few lines of expectation; the oracle does the
// rest.
#include "analyzer/model/access_history.h"

#include <gtest/gtest.h>

#include <set>

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
  for (std::uint64_t page = 0; page < 1000; ++page) {
    access(0, 1, AccessKind::write, kFar + page * AccessHistory::kPage, 8);
  }
  EXPECT_GT(history_.left_out(), 800u);
  access(1, 2, AccessKind::write, kFar, 8);
  EXPECT_EQ(races_, 1) << "what was remembered still is";
  history_.forget(kFar, 1000 * AccessHistory::kPage);
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

}  // namespace
}  // namespace gordian::analysis
