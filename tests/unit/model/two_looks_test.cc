// SPDX-License-Identifier: Apache-2.0
// A first look and an exact second one at what it suspects find what one exact look finds: on random histories of many
// actors with accesses of all kinds, ranges, ends of memory and slots that pass on, and in cases that were once missed.
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "analyzer/model/access_history.h"
#include "analyzer/model/suspect_finder.h"
#include "analyzer/model/suspect_history.h"

namespace gordian::analysis {
namespace {

using trace::AccessKind;

constexpr std::uint64_t kRoom = std::uint64_t{1} << 30;
constexpr std::uint64_t kBase = 0x400000;

// Source places of both sides, the lower one first, and the granule; of an end of memory the place has bit 4.
using Races = std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>>;

class Collector : public RaceSink {
 public:
  void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
            std::uint8_t /*bytes*/) override {
    const auto [lower, upper] = std::minmax(place(earlier), place(later));
    for (std::uint64_t i = 0; i < size; i += Suspects::kGranule) {
      races.insert({lower, upper, (address + i) / Suspects::kGranule});
    }
    first = first == 0 ? address : first;
  }
  Races races;
  std::uint64_t first = 0;  // address

 private:
  static std::uint32_t place(const PastAccess& access) { return access.site | (access.ends_life ? 16u : 0u); }
};

using Deed = std::function<void(AccessTracker&)>;

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed), actors_(2 + below(seed % 3 == 0 ? 40 : 6)) {
    for (Slot i = 0; i < actors_.size(); ++i) {
      actors_[i] = {.number = i, .slot = i};
      actors_[i].clock.set(i, 1);
    }
    room_ = below(3) == 0 ? 64 : below(2) != 0 ? 4096 : 256;
    numbers_ = static_cast<std::uint32_t>(actors_.size());
  }

  std::vector<Deed> make() {
    const std::uint64_t steps = 50 + below(400);
    for (std::uint64_t i = 0; i < steps; ++i) {
      step();
    }
    return std::move(deeds_);
  }

 private:
  struct Actor {
    std::uint32_t number = 0;
    Slot slot = 0;
    Time time = 1;
    VectorClock clock{};
  };

  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  std::uint64_t size() {
    const std::uint64_t which = below(20);
    return which < 12   ? std::uint64_t{1} << below(4)
           : which < 18 ? 1 + below(40)
           : which < 19 ? 1 + below(1500)
                        : 1024 * (1 + below(3));
  }
  AccessKind kind() { return static_cast<AccessKind>(below(4)); }

  void step() {
    Actor& actor = actors_[below(actors_.size())];
    const std::uint64_t what = below(100);
    if (what < 8) {
      locks_[below(locks_.size())].join(actor.clock);
      actor.clock.set(actor.slot, ++actor.time);
    } else if (what < 26) {
      actor.clock.join(locks_[below(locks_.size())]);
    } else if (what < 28) {
      pass_on(actor);
    } else if (what < 34) {
      give_back(actor);
    } else {
      touch(actor);
    }
  }

  // It has ended, and a child of one that knows that takes its slot.
  void pass_on(Actor& actor) {
    Actor& parent = actors_[below(actors_.size())];
    if (&parent == &actor || !parent.clock.knows({actor.slot, actor.time})) {
      return;
    }
    actor.clock = parent.clock;
    actor.clock.set(actor.slot, ++actor.time);
    actor.number = numbers_++;
    parent.clock.set(parent.slot, ++parent.time);
  }

  PastAccess access(const Actor& actor, AccessKind kind, bool ends) {
    return {.actor = actor.number,
            .site = static_cast<std::uint32_t>(below(5)),
            .kind = kind,
            .ends_life = ends,
            .epoch = {actor.slot, actor.time}};
  }

  void give_back(const Actor& actor) {
    const std::uint64_t at = kBase + below(room_);
    const std::uint64_t bytes = size();
    const PastAccess end = access(actor, AccessKind::write, true);
    if (below(2) != 0) {
      deeds_.emplace_back([=](AccessTracker& tracker) { tracker.forget(at, bytes); });
    } else {
      deeds_.emplace_back(
          [=, clock = actor.clock](AccessTracker& tracker) { tracker.end_life(end, at, bytes, clock); });
    }
  }

  void touch(const Actor& actor) {
    const PastAccess one = access(actor, kind(), false);
    const std::uint64_t at = kBase + below(room_);
    const std::uint64_t bytes = size();
    if (const std::uint64_t what = below(13); what >= 10) {
      PageBits bits;
      for (std::uint64_t i = below(4); i < 4; ++i) {
        const std::uint64_t begin = below(2) != 0 ? below(64) : below(1024);
        bits.add(begin, begin + 1 + below(1024 - begin));
      }
      const std::uint64_t page = (kBase + below(room_)) / 1024 * 1024;
      deeds_.emplace_back(
          [=, clock = actor.clock](AccessTracker& tracker) { tracker.footprint(one, page, bits, clock); });
    } else if (what < 5) {
      deeds_.emplace_back([=, clock = actor.clock](AccessTracker& tracker) { tracker.access(one, at, bytes, clock); });
    } else if (what < 8) {
      const std::uint64_t count = 1 + below(60);
      const std::uint64_t apart = below(6) == 0 ? 1024 : below(2) != 0 ? 8 * below(5) : below(300);
      deeds_.emplace_back(
          [=, clock = actor.clock](AccessTracker& tracker) { tracker.elements(one, at, bytes, count, apart, clock); });
    } else {
      std::vector<PlainAccess> some(1 + below(40));
      for (PlainAccess& plain : some) {
        plain = {.address = kBase + below(room_),
                 .size = static_cast<std::uint32_t>(1) << below(5),
                 .site = static_cast<std::uint16_t>(below(5)),
                 .kind = kind()};
      }
      deeds_.emplace_back([=, clock = actor.clock](AccessTracker& tracker) { tracker.accesses(one, some, clock); });
    }
  }

  std::mt19937_64 engine_;
  std::vector<Actor> actors_;
  std::array<VectorClock, 3> locks_;
  std::uint64_t room_ = 0;
  std::uint32_t numbers_ = 0;
  std::vector<Deed> deeds_;
};

struct Looks {
  Collector exact;
  Collector two;
};

void look(const std::vector<Deed>& deeds, Looks& looks) {
  AccessHistory history(looks.exact, kRoom);
  SuspectFinder finder(kRoom,
                       {.few_spans = 4, .times = 2, .spread_marks = static_cast<std::uint32_t>(deeds.size() % 8 + 1)});
  for (const Deed& deed : deeds) {
    deed(history);
    deed(finder);
  }
  SuspectHistory again(finder.sorted_suspects(), looks.two, kRoom);
  for (const Deed& deed : deeds) {
    deed(again);
  }
}

bool has_an_end(const Races::value_type& race) { return ((std::get<0>(race) | std::get<1>(race)) & 16) != 0; }

// Ends of large blocks are only remembered where something was touched; of those parts the second look remembers all.
TEST(TwoLooks, FindWhatOneFinds) {
  std::size_t races = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Looks looks;
    look(Random(seed).make(), looks);
    races += looks.exact.races.size();
    Races missed;
    std::ranges::set_difference(looks.exact.races, looks.two.races, std::inserter(missed, missed.end()));
    ASSERT_TRUE(missed.empty()) << "seed " << seed << " misses " << missed.size();
    Races more;
    std::ranges::set_difference(looks.two.races, looks.exact.races, std::inserter(more, more.end()));
    const auto other = std::ranges::find_if_not(more, has_an_end);
    ASSERT_TRUE(other == more.end()) << "seed " << seed;
  }
  EXPECT_GT(races, 100'000u);
}

PastAccess at_once(Slot actor, std::uint32_t site, bool ends = false) {
  return {.actor = actor, .site = site, .kind = AccessKind::write, .ends_life = ends, .epoch = {actor, 1}};
}

VectorClock alone(Slot actor) {
  VectorClock clock;
  clock.set(actor, 1);
  return clock;
}

TEST(TwoLooks, TheEndOfALargeBlockOfWhichLittleIsSuspect) {
  Looks looks;
  look({[](AccessTracker& tracker) { tracker.access(at_once(0, 1), kBase, 8, alone(0)); },
        [](AccessTracker& tracker) { tracker.end_life(at_once(0, 2, true), kBase, 4096, alone(0)); },
        [](AccessTracker& tracker) { tracker.access(at_once(1, 3), kBase + 64, 8, alone(1)); }},
       looks);
  EXPECT_EQ(looks.two.races, looks.exact.races);
  EXPECT_EQ(looks.two.races.size(), 1u);
}

// In the order of addresses, and pages as pages.
TEST(TwoLooks, TwoRanges) {
  constexpr std::uint64_t kLength = std::uint64_t{1} << 16;
  Looks looks;
  look({[](AccessTracker& tracker) { tracker.access(at_once(0, 1), kBase + 24, kLength, alone(0)); },
        [](AccessTracker& tracker) { tracker.access(at_once(1, 2), kBase, kLength, alone(1)); }},
       looks);
  EXPECT_EQ(looks.two.races, looks.exact.races);
  EXPECT_EQ(looks.two.first, kBase + 24);
}

}  // namespace
}  // namespace gordian::analysis
