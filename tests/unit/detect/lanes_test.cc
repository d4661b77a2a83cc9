// SPDX-License-Identifier: Apache-2.0
// What surrounds the accesses of a race: which acts of each side are kept, how many are hidden between them, what put
// the two sides in order, and ranks that respect every order.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "analyzer/finding/lane_phrases.h"
#include "analyzer/finding/phrases.h"
#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using trace::AtomicOp;
using Told = std::vector<std::string>;

constexpr std::uint64_t kValue = 0x90000;
constexpr std::uint64_t kFlag = 0x90100;
constexpr std::uint64_t kBlock = 0xa0000;

// A lane at one look: `lock a`, `(4)` for what is hidden, `!` for the access.
Told lane(const Finding& race, std::size_t side) {
  Told told;
  const Lane& lane = race.lanes.at(side);
  for (std::size_t i = 0; i < lane.events.size(); ++i) {
    const LaneEvent& event = lane.events[i];
    if (event.hidden_before != 0) {
      told.push_back("(" + std::to_string(event.hidden_before) + ")");
    }
    told.push_back(i == lane.access ? "!" : event_words(race, side, event));
  }
  if (lane.hidden_after != 0) {
    told.push_back("(" + std::to_string(lane.hidden_after) + ")");
  }
  return told;
}

std::string access_of(const Finding& race, std::size_t side) {
  const Lane& lane = race.lanes.at(side);
  return lane.events.empty() ? "" : event_words(race, side, lane.events[lane.access]);
}

Told orders(const Finding& race) {
  Told told;
  for (const LaneOrder& order : race.orders) {
    const std::string object = order_object(race, order);
    told.push_back("g" + std::to_string(race.actors[order.from_lane].id.value) + ": " + order_words(race, order) +
                   (object.empty() ? "" : " (" + object + ")"));
  }
  return told;
}

const Finding& only_race(const std::vector<Finding>& findings) {
  const auto race = std::find_if(findings.begin(), findings.end(),
                                 [](const Finding& finding) { return finding.kind == FindingKind::DataRace; });
  static const Finding none = [] {
    Finding finding;
    finding.lanes.resize(2);
    return finding;
  }();
  EXPECT_NE(race, findings.end());
  return race == findings.end() ? none : *race;
}

void expect_ranks(const Finding& race) {
  ASSERT_EQ(race.lanes.size(), 2u);
  const auto& lanes = race.lanes;
  EXPECT_EQ(lanes[0].events[lanes[0].access].rank, lanes[1].events[lanes[1].access].rank);
  for (const Lane& lane : lanes) {
    for (std::size_t i = 1; i < lane.events.size(); ++i) {
      EXPECT_LT(lane.events[i - 1].rank, lane.events[i].rank);
    }
  }
  for (const LaneOrder& order : race.orders) {
    const std::uint32_t from = lanes[order.from_lane].events.at(order.from).rank;
    const std::uint32_t to = lanes[1 - order.from_lane].events.at(order.to).rank;
    EXPECT_TRUE(order.both ? from == to : from < to) << from << " " << to;
  }
}

TEST(Lanes, WhoDoesNothingElseHasABeginningAndAnAccess) {
  Script s;
  s.go(2).go(3).as(2).write(kValue).end().as(3).write(kValue).end();
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(lane(race, 0), (Told{"g2", "!", "end"}));
  EXPECT_EQ(lane(race, 1), (Told{"g3", "!", "end"}));
  EXPECT_EQ(race.lanes[0].events[0].rank, race.lanes[1].events[0].rank);
  EXPECT_TRUE(race.orders.empty());
  expect_ranks(race);
}

TEST(Lanes, KeepsThreeEventsOnEachSideAndCountsTheRest) {
  Script s;
  const Obj own = s.mutex("own");
  s.go(2).go(3).as(2);
  for (int i = 0; i < 1000; ++i) s.lock(own).unlock(own);
  s.write(kValue);
  for (int i = 0; i < 500; ++i) s.lock(own).unlock(own);
  s.as(3).read(kValue);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(lane(race, 0), (Told{"g2", "(1997)", "unlock own", "lock own", "unlock own", "!", "lock own", "unlock own",
                                 "lock own", "(997)"}));
  EXPECT_EQ(lane(race, 1), (Told{"g3", "!"}));
  expect_ranks(race);
}

TEST(Lanes, OfSeveralAccessesInOnePlaceTheLatestBeforeTheOtherSideIsTheOne) {
  Script s;
  const Obj own = s.mutex("own");
  s.go(2).go(3).as(2).write(kValue).lock(own).write(kValue).unlock(own).as(3).write(kValue);
  s.as(2).lock(own).write(kValue);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(lane(race, 0), (Told{"g2", "lock own", "!", "unlock own", "lock own"}));
  EXPECT_EQ(lane(race, 1), (Told{"g3", "!"}));
}

TEST(Lanes, ALockThatIsHeldIsNeverHidden) {
  Script s;
  const Obj held = s.mutex("held");
  const Obj own = s.mutex("own");
  s.go(2).go(3).as(2).lock(held).unlock(held).lock(own).unlock(own).lock(held);
  for (int i = 0; i < 10; ++i) s.lock(own).unlock(own);
  s.write(kValue).unlock(held).as(3).write(kValue);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(lane(race, 0),
            (Told{"g2", "(4)", "lock held", "(17)", "unlock own", "lock own", "unlock own", "!", "unlock held"}));
}

TEST(Lanes, TheParentsGoStandsAboveTheChildsBeginning) {
  Script s;
  s.go(2).write(kValue).as(2).write(kValue);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(lane(race, 0), (Told{"main", "go g2", "!"}));
  EXPECT_EQ(lane(race, 1), (Told{"g2", "!"}));
  EXPECT_EQ(orders(race), (Told{"g1: go before first step"}));
  expect_ranks(race);
}

TEST(Lanes, TheLastOrderBeforeAndTheFirstOneAfterAreTold) {
  Script s;
  const Obj mu = s.mutex("mu");
  const Obj own = s.mutex("own");
  const Obj done = s.channel("done", 1);
  s.go(2).go(3).as(2).lock(mu).unlock(mu).as(3).lock(mu).unlock(mu);
  for (int i = 0; i < 5; ++i) s.lock(own).unlock(own);
  s.as(2).lock(own).unlock(own).write(kValue).send(done).as(3).write(kValue);
  for (int i = 0; i < 5; ++i) s.lock(own).unlock(own);
  s.recv(done);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(lane(race, 0), (Told{"g2", "(1)", "unlock mu", "lock own", "unlock own", "!", "send to done"}));
  EXPECT_EQ(lane(race, 1), (Told{"g3", "lock mu", "(8)", "unlock own", "lock own", "unlock own", "!", "lock own",
                                 "unlock own", "lock own", "(7)", "receive from done"}));
  expect_ranks(race);
}

TEST(Lanes, AnOrderThroughOthersSaysSo) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).go(3).go(4).as(2).lock(a).unlock(a).write(kValue);
  s.as(4).lock(a).unlock(a).lock(b).unlock(b).as(3).lock(b).unlock(b).write(kValue);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(orders(race), (Told{"g2: ordered through others"}));
  EXPECT_EQ(lane(race, 1), (Told{"g3", "lock b", "unlock b", "!"}));
  expect_ranks(race);
}

TEST(Lanes, ARendezvousIsOneRow) {
  Script s;
  const Obj meeting = s.channel("meeting");
  s.go(2).go(3).as(2).block(WaitReason::chan_send, {meeting}).as(3).send(meeting, 2).recv(meeting).write(kValue);
  s.as(2).write(kValue);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(orders(race), (Told{"g2: send meets receive (meeting, message 1)"}));
  ASSERT_EQ(race.orders.size(), 1u);
  EXPECT_TRUE(race.orders[0].both);
  expect_ranks(race);
}

TEST(Lanes, AnAtomicThatRacesIsOneEventWithItsOrders) {
  Script s;
  s.go(2).go(3).as(2).write(kFlag).atomic(AtomicOp::store, kValue).as(3).write(kValue).atomic(AtomicOp::load, kValue);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(lane(race, 0), (Told{"g2", "!"}));
  EXPECT_EQ(lane(race, 1), (Told{"g3", "!", "atomic read of value"}));
  EXPECT_EQ(orders(race), (Told{"g2: access before atomic read (value)"}));
  expect_ranks(race);
}

// What a library does inside of a call: at the call, under the name of what it is about.
TEST(Lanes, AnAtomicInsideOfACallReleasesOrAcquires) {
  Script s;
  const Obj barrier = s.barrier("barrier", 2);
  const std::uint64_t inside = 0x10000 + barrier * 64;
  const auto order = static_cast<std::uint64_t>(trace::AtomicOrder::acq_rel);
  s.go(2).go(3).as(2).write(kValue).op(
      trace::Atomic{0, inside, 0, static_cast<std::uint64_t>(AtomicOp::rmw), order, 1, 1});
  s.as(3).write(kValue).op(trace::Atomic{0, inside, 0, static_cast<std::uint64_t>(AtomicOp::load), order, 1, 2});
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(lane(race, 0), (Told{"g2", "!", "release barrier"}));
  EXPECT_EQ(lane(race, 1), (Told{"g3", "!", "acquire barrier"}));
  EXPECT_EQ(orders(race), (Told{"g2: release before acquire (barrier)"}));
  EXPECT_NE(race.lanes[0].events[2].where.line, race.lanes[0].events[1].where.line);
}

TEST(Lanes, AThreadsEndComesBeforeItsJoin) {
  Script s;
  s.thread(2).write(kValue).as(2).write(kValue).op(trace::ThreadEnd{});
  s.as(1).op(trace::ThreadJoin{0, 2});
  const auto findings = s.analysed();
  EXPECT_EQ(orders(only_race(findings)), (Told{"g1: creation before first step", "g2: end before join"}));
  expect_ranks(only_race(findings));
}

// Told as accesses are: the acts around it, what is hidden, where it stands in the order.
TEST(Lanes, TheEndOfAMemoryHasALane) {
  Script s;
  const Obj mu = s.mutex("mu");
  const Obj own = s.mutex("own");
  const Obj other = s.mutex("other");
  s.alloc(kBlock, 64).go(2).go(3).as(2).lock(mu).write(kBlock + 8).unlock(mu).lock(other).unlock(other);
  s.as(3);
  for (int i = 0; i < 4; ++i) s.lock(own).unlock(own);
  s.free(kBlock, 64).lock(mu).unlock(mu);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(race.subkind, "race-with-free");
  EXPECT_EQ(lane(race, 0), (Told{"g2", "lock mu", "!", "unlock mu", "lock other", "unlock other"}));
  EXPECT_EQ(lane(race, 1), (Told{"g3", "(5)", "unlock own", "lock own", "unlock own", "!", "lock mu", "unlock mu"}));
  EXPECT_EQ(access_of(race, 0), "write value");
  EXPECT_EQ(access_of(race, 1), "free of value");
  EXPECT_EQ(race.lanes[1].events[race.lanes[1].access].where.line, Script::kFreeLine);
  EXPECT_EQ(orders(race), (Told{"g2: unlock before lock (mu)"}));
  expect_ranks(race);
}

TEST(Lanes, AnAccessAfterTheEndOfTheMemoryIsTheLaterSide) {
  Script s;
  const Obj own = s.mutex("own");
  s.alloc(kBlock, 64).go(2).go(3).as(2).lock(own).unlock(own).free(kBlock, 64).as(3).lock(own).read(kBlock).unlock(own);
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(lane(race, 0), (Told{"g2", "lock own", "unlock own", "!"}));
  EXPECT_EQ(lane(race, 1), (Told{"g3", "lock own", "!", "unlock own"}));
  EXPECT_EQ(access_of(race, 0), "free of value");
  EXPECT_EQ(access_of(race, 1), "read value");
  expect_ranks(race);
}

// Of several blocks that one call frees, it is the one that was used.
TEST(Lanes, OfSeveralEndsInOnePlaceTheOneOfTheMemoryIsTheOne) {
  Script s;
  const Obj own = s.mutex("own");
  s.alloc(kBlock, 64).alloc(kBlock + 64, 64).go(2).go(3).as(2).write(kBlock).as(3);
  s.lock(own).free(kBlock, 64).unlock(own).free(kBlock + 64, 64);
  const auto findings = s.analysed();
  EXPECT_EQ(lane(only_race(findings), 1), (Told{"g3", "lock own", "!", "unlock own"}));
}

TEST(Lanes, AStackEndsWithWhoRanOnIt) {
  Script s;
  const Obj done = s.wait_group("done");
  s.go(2).as(2).alloc(kBlock, 64, MemoryKind::goroutine_stack).go(3).as(3).write(kBlock + 8);
  s.as(2).done(done).free(kBlock, 64, MemoryKind::goroutine_stack).end();
  const auto findings = s.analysed();
  const Finding& race = only_race(findings);
  EXPECT_EQ(race.subkind, "race-with-stack-reuse");
  EXPECT_EQ(lane(race, 0), (Told{"g3", "!"}));
  EXPECT_EQ(lane(race, 1), (Told{"g2", "go g3", "done() of done", "!", "end"}));
  EXPECT_EQ(access_of(race, 1), "end of the stack with value");
  EXPECT_EQ(orders(race), (Told{"g2: go before first step"}));
  expect_ranks(race);
}

TEST(Lanes, WhoWaitsBeforeItFreesHasNoRace) {
  Script s;
  const Obj mu = s.mutex("mu");
  s.alloc(kBlock, 64).go(2).go(3).as(2).write(kBlock).lock(mu).unlock(mu).as(3).lock(mu).free(kBlock, 64).unlock(mu);
  EXPECT_TRUE(s.analysed().empty());
}

TEST(Lanes, NoRaceNoLanes) {
  Script s;
  const Obj mu = s.mutex("mu");
  s.go(2).go(3).as(2).lock(mu).write(kValue).unlock(mu).as(3).lock(mu).write(kValue).unlock(mu);
  EXPECT_TRUE(s.analysed().empty());
}

// Ranks respect program order and every order between the lanes, whatever happened.
TEST(Lanes, RanksAreALinearExtensionOfRandomRuns) {
  std::size_t with_orders = 0;
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    Script s;
    const Obj locks[] = {s.mutex("a"), s.mutex("b")};
    const Obj channel = s.channel("c", 100);
    s.go(2).go(3).go(4);
    int queued = 0;
    for (int i = 0; i < 60; ++i) {
      s.as(2 + random() % 3);
      switch (random() % 6) {
        case 0:
        case 1: {
          const Obj lock = locks[random() % 2];
          s.lock(lock).unlock(lock);
          break;
        }
        case 2:
          s.send(channel);
          ++queued;
          break;
        case 3:
          if (queued > 0) {
            s.recv(channel);
            --queued;
          }
          break;
        case 4:
          s.atomic(random() % 2 == 0 ? AtomicOp::store : AtomicOp::load, kFlag);
          break;
        default:
          s.write(kValue);
      }
    }
    for (const Finding& finding : s.analysed()) {
      if (finding.kind == FindingKind::DataRace) {
        expect_ranks(finding);
        with_orders += finding.orders.empty() ? 0 : 1;
      }
    }
  }
  EXPECT_GT(with_orders, 100u);
}

}  // namespace
}  // namespace gordian::analysis
