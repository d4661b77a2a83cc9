// SPDX-License-Identifier: Apache-2.0
// Livelock is rounds of retreats by all of a ring; whatever else one of them does shows that it got on.
#include "analyzer/detect/livelock.h"

#include <gmock/gmock.h>

#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t kTen = 10;

std::vector<Finding> livelocks(Script& s) { return s.findings_of<Livelock>(kTen); }

struct Two {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");

  Two() { s.go(2).go(3); }
  // Each takes its own lock, fails to get the other's, gives its own back.
  void round() {
    s.as(2).at(20).lock(a).as(3).at(30).lock(b);
    s.as(2).at(21).try_in_vain(b).as(3).at(31).try_in_vain(a);
    s.as(2).unlock(a).as(3).unlock(b);
  }
  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      round();
    }
  }
};

TEST(Livelock, TenRoundsWithoutProgress) {
  Two two;
  two.rounds(11);  // nobody knows of the last one whether it was over before the end
  const auto findings = livelocks(two.s);
  ASSERT_THAT(findings, SizeIs(1));
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::Livelock);
  EXPECT_EQ(f.subkind, "unresolved");
  EXPECT_EQ(f.certainty, Certainty::observed);
  EXPECT_EQ(f.times, 11U);
  EXPECT_THAT(actor_ids(f), ElementsAre(2, 3));
  EXPECT_EQ(f.actors[0].stack.front().line, 21U);
  EXPECT_EQ(f.actors[0].objects.front().name, "b");
  ASSERT_THAT(f.actors[0].holds, SizeIs(1));
  EXPECT_EQ(f.actors[0].holds[0].object.name, "a");
  EXPECT_EQ(f.actors[0].holds[0].stack.front().line, 20U);
}

TEST(Livelock, NineRoundsAreNotTen) {
  Two two;
  two.rounds(9);
  EXPECT_THAT(livelocks(two.s), IsEmpty());
}

TEST(Livelock, OneThatGetsThroughInTheEndWasOne) {
  Two two;
  two.rounds(12);
  two.s.as(2).lock(two.a).try_lock(two.b).unlock(two.b).unlock(two.a);
  const auto findings = livelocks(two.s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "resolved");
}

// Who gives up gets on with something else, but not through.
TEST(Livelock, WhoGivesUpDoesNotGetThrough) {
  Two two;
  const Obj failed = two.s.channel("failed", 2);
  two.rounds(12);
  two.s.as(2).send(failed).as(3).send(failed);
  const auto findings = livelocks(two.s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "unresolved");
}

TEST(Livelock, AnySuccessBeginsTheCountAnew) {
  Two two;
  two.rounds(6);
  two.s.as(2).lock(two.a).try_lock(two.b).unlock(two.b).unlock(two.a);
  two.rounds(6);
  EXPECT_THAT(livelocks(two.s), IsEmpty());
}

TEST(Livelock, WorkInBetweenIsProgress) {
  Two two;
  const Obj done = two.s.channel("done", 100);
  for (int i = 0; i < 20; ++i) {
    two.round();
    two.s.as(2).send(done);
  }
  EXPECT_THAT(livelocks(two.s), IsEmpty());
}

TEST(Livelock, OneSideAloneOnlyWaitsActively) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).go(3).as(3).lock(b);
  for (int i = 0; i < 50; ++i) {
    s.as(2).lock(a).try_in_vain(b).unlock(a).as(3).yield();
  }
  EXPECT_THAT(livelocks(s), IsEmpty());
}

// First one fails twenty times, then the other: each time the other one was getting on.
TEST(Livelock, OneAfterTheOtherIsNone) {
  Two two;
  Script& s = two.s;
  s.as(3).lock(two.b);
  for (int i = 0; i < 20; ++i) {
    s.as(2).lock(two.a).try_in_vain(two.b).unlock(two.a).yield();
  }
  s.as(3).unlock(two.b).as(2).lock(two.a);
  for (int i = 0; i < 20; ++i) {
    s.as(3).lock(two.b).try_in_vain(two.a).unlock(two.b).yield();
  }
  EXPECT_THAT(livelocks(s), IsEmpty());
}

// A third one takes the lock in between: it got on.
TEST(Livelock, WhereSomebodyElseIsServedNobodyHangs) {
  Two two;
  two.s.as(1).go(4);
  for (int i = 0; i < 20; ++i) {
    two.round();
    two.s.as(4).lock(two.a).unlock(two.a);
  }
  EXPECT_THAT(livelocks(two.s), IsEmpty());
}

TEST(Livelock, ThreeInARing) {
  Script s;
  const Obj forks[] = {s.mutex("f0"), s.mutex("f1"), s.mutex("f2")};
  s.go(2).go(3).go(4);
  for (int i = 0; i < 12; ++i) {
    for (std::uint64_t g = 0; g < 3; ++g) {
      s.as(g + 2).lock(forks[g]);
    }
    for (std::uint64_t g = 0; g < 3; ++g) {
      s.as(g + 2).try_in_vain(forks[(g + 1) % 3]).yield().unlock(forks[g]).yield();
    }
  }
  const auto findings = livelocks(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(2, 3, 4));
}

}  // namespace
}  // namespace gordian::analysis
