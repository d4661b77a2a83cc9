// SPDX-License-Identifier: Apache-2.0
// What a first look suspects beyond the granules with races, and what not; that it misses none is the oracle's.
#include "analyzer/model/suspect_finder.h"

#include <gtest/gtest.h>

#include "analyzer/model/suspect_history.h"

namespace gordian::analysis {
namespace {

using trace::AccessKind;

constexpr std::uint64_t kBudget = std::uint64_t{1} << 20;
constexpr std::uint64_t kPlace = 0x10000;

// Actors that know nobody but themselves.
class Actors {
 public:
  explicit Actors(AccessTracker& tracker) : tracker_(tracker) {}
  void touch(std::uint32_t actor, AccessKind kind, std::uint64_t address, std::uint64_t size, Time time = 1) {
    VectorClock clock;
    clock.set(actor, time);
    tracker_.access({.actor = actor, .kind = kind, .epoch = {actor, time}}, address, size, clock);
  }

 private:
  AccessTracker& tracker_;
};

TEST(SuspectFinder, HalvesOfAGranuleAreToldApart) {
  SuspectFinder finder(kBudget);
  Actors actors(finder);
  actors.touch(0, AccessKind::write, kPlace, 4);
  actors.touch(1, AccessKind::write, kPlace + 4, 4);
  actors.touch(0, AccessKind::read, kPlace + 8, 8);
  actors.touch(1, AccessKind::read, kPlace + 8, 2);
  EXPECT_TRUE(finder.suspects().empty());
  actors.touch(1, AccessKind::read, kPlace + 2, 4);  // both
  EXPECT_TRUE(finder.suspects().has_any(kPlace, 1));
  EXPECT_FALSE(finder.suspects().has_any(kPlace + 8, 1024));
}

TEST(SuspectFinder, BytesOfAHalfAreNot) {
  SuspectFinder finder(kBudget);
  Actors actors(finder);
  actors.touch(0, AccessKind::write, kPlace, 1);
  actors.touch(1, AccessKind::write, kPlace + 1, 1);
  EXPECT_TRUE(finder.suspects().has_any(kPlace, 1));
}

TEST(SuspectFinder, AsManyReadersAsThereAre) {
  SuspectFinder finder(kBudget);
  Actors actors(finder);
  for (std::uint32_t actor = 0; actor < 100; ++actor) {
    for (Time time = 1; time < 20; ++time) {
      actors.touch(actor, AccessKind::read, kPlace, 8, time);
    }
  }
  EXPECT_TRUE(finder.suspects().empty());
  actors.touch(0, AccessKind::write, kPlace, 8, 20);
  EXPECT_TRUE(finder.suspects().has_any(kPlace, 1));
}

// What was many and is few again costs nothing any more, and readers in turn are not counted again and again.
TEST(SuspectFinder, ReadersAndWritersInTurnUseUpNothing) {
  SuspectFinder finder(kBudget);
  VectorClock all;
  for (Time time = 1; time < 40'000; ++time) {
    for (std::uint32_t actor = 0; actor < 9; ++actor) {
      VectorClock clock = all;
      clock.set(actor, time);
      finder.access({.actor = actor, .kind = AccessKind::read, .epoch = {actor, time}}, kPlace, 8, clock);
    }
    for (std::uint32_t actor = 0; actor < 9; ++actor) {
      all.set(actor, time);
    }
    finder.access({.actor = 0, .kind = AccessKind::write, .epoch = {0, time}}, kPlace, 8, all);
  }
  EXPECT_TRUE(finder.suspects().empty());
}

TEST(SuspectFinder, WithoutRoomAllIsSuspect) {
  SuspectFinder finder(10'000);
  Actors actors(finder);
  for (std::uint64_t i = 0; i < 100; ++i) {
    actors.touch(0, AccessKind::write, kPlace + i * 1024, 8);
  }
  EXPECT_TRUE(finder.suspects().are_all());
}

// Actors that have gone leave no number behind.
TEST(SuspectFinder, AsManyActorsAsComeAndGo) {
  SuspectFinder finder(kBudget, {.few_spans = 16, .most_spans = 64, .times = 1});
  VectorClock all;
  for (std::uint32_t actor = 0; actor < 1000; ++actor) {
    all.set(actor, 1);
    finder.access({.actor = actor, .kind = AccessKind::write, .epoch = {actor, 1}}, kPlace, 8, all);
  }
  EXPECT_TRUE(finder.suspects().empty());
}

TEST(SuspectFinder, WhereNoNumbersAreLeftAllIsSuspect) {
  SuspectFinder finder(kBudget, {.few_spans = 2, .most_spans = 8, .times = 1});
  Actors actors(finder);
  for (std::uint32_t actor = 0; actor < 3; ++actor) {
    actors.touch(actor, AccessKind::write, kPlace + 8 * actor, 8);
  }
  EXPECT_TRUE(finder.suspects().empty());
  for (std::uint32_t actor = 3; actor < 20; ++actor) {
    actors.touch(actor, AccessKind::write, kPlace + 8 * actor, 8);
  }
  EXPECT_TRUE(finder.suspects().are_all());

  struct Count : RaceSink {
    void race(const PastAccess& /*earlier*/, const PastAccess& /*later*/, std::uint64_t address, std::uint64_t /*size*/,
              std::uint8_t /*bytes*/) override {
      at = address;
    }
    std::uint64_t at = 0;
  } sink;
  SuspectHistory history(finder.suspects(), sink, kBudget);
  Actors again(history);
  again.touch(0, AccessKind::write, kPlace + 800, 8);
  again.touch(1, AccessKind::write, kPlace + 800, 8);
  EXPECT_EQ(sink.at, kPlace + 800);
}

}  // namespace
}  // namespace gordian::analysis
