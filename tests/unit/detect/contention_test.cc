// SPDX-License-Identifier: Apache-2.0
// Starvation takes both: to wait long, and to be passed over often by those who asked later. Each case stands beside a
// twin that lacks one of the two, or whose order of asking is not proven.
#include "analyzer/detect/contention.h"

#include <gmock/gmock.h>

#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr StarvationLimits kTenTimes{10, 1};

std::vector<Finding> starvation(Script& s, const StarvationLimits& limits = kTenTimes) {
  return s.findings_of<ContentionFigures>(limits);
}

// g2 waits for `lock`, which main releases and takes again, so many times.
void wait_while_others_are_served(Script& s, Obj lock, int times, WaitReason reason = WaitReason::mutex_lock) {
  s.go(2).lock(lock).as(2).at(20).block(reason, {lock}).as(1).unlock(lock);
  for (int i = 0; i < times; ++i) {
    s.at(10).lock(lock).unlock(lock);
  }
}

TEST(Starvation, SaysWhoWaitedForWhatAndWhoGotItMeanwhile) {
  Script s;
  const Obj mu = s.mutex("mu");
  wait_while_others_are_served(s, mu, 10);
  s.ready(2).as(2).lock(mu).unlock(mu);
  const auto findings = starvation(s);
  ASSERT_THAT(findings, SizeIs(1));
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::Starvation);
  EXPECT_EQ(f.subkind, "served-late");
  EXPECT_EQ(f.certainty, Certainty::observed);
  EXPECT_EQ(f.object.name, "mu");
  EXPECT_EQ(f.times, 10U);
  EXPECT_THAT(actor_ids(f), ElementsAre(2, 1));
  EXPECT_EQ(f.actors[0].stack.front().line, 20U);
  EXPECT_GT(f.actors[0].waited_ns, 0U);
  EXPECT_EQ(f.actors[1].role, Role::overtakes);
  EXPECT_EQ(f.actors[1].stack.front().line, 10U);
}

TEST(Starvation, NineTimesAreNotTen) {
  Script s;
  const Obj mu = s.mutex("mu");
  wait_while_others_are_served(s, mu, 9);
  s.ready(2).as(2).lock(mu).unlock(mu);
  EXPECT_THAT(starvation(s), IsEmpty());
}

TEST(Starvation, ManyTimesInAShortWaitAreNone) {
  Script s;
  const Obj mu = s.mutex("mu");
  wait_while_others_are_served(s, mu, 1000);
  s.ready(2).as(2).lock(mu).unlock(mu);
  EXPECT_THAT(starvation(s, {10, 1'000'000}), IsEmpty());
}

TEST(Starvation, WhoStillWaitsAtTheEndWasNeverServed) {
  Script s;
  const Obj mu = s.mutex("mu");
  wait_while_others_are_served(s, mu, 12);
  s.yield().main_returns();
  const auto findings = starvation(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "never-served");
  EXPECT_EQ(findings[0].times, 12U);
}

TEST(Starvation, WhoCanNeverBeServedIsStuckInstead) {
  Script s;
  const Obj mu = s.mutex("mu");
  wait_while_others_are_served(s, mu, 12);
  const Obj wg = s.wait_group("wg");
  s.lock(mu).add(wg, 1).block(WaitReason::wait_group, {wg});
  EXPECT_THAT(starvation(s), IsEmpty());
}

TEST(Starvation, WaitsOfLimitedTimeAreTheCure) {
  Script s;
  const Obj mu = s.mutex("mu");
  wait_while_others_are_served(s, mu, 20, WaitReason::sleep);
  s.ready(2).as(2).try_in_vain(mu);
  EXPECT_THAT(starvation(s), IsEmpty());
}

TEST(Starvation, AWriterAmongReaders) {
  Script s;
  const Obj rw = s.rwmutex("rw");
  s.go(2).go(3).read_lock(rw).as(2).at(20).block(WaitReason::rwmutex_lock, {rw});
  for (int i = 0; i < 6; ++i) {
    s.as(3).at(30).read_lock(rw).as(1).read_unlock(rw).at(10).read_lock(rw).as(3).read_unlock(rw);
  }
  s.as(1).read_unlock(rw).ready(2).as(2).lock(rw).unlock(rw);
  const auto findings = starvation(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].times, 12U);
}

TEST(Starvation, OneFindingForEachPlace) {
  Script s;
  const Obj mu = s.mutex("mu");
  wait_while_others_are_served(s, mu, 10);
  s.ready(2).as(2).lock(mu).as(1).yield().as(2).unlock(mu).as(1).lock(mu).as(2).at(20).block(WaitReason::mutex_lock,
                                                                                             {mu});
  s.as(1).unlock(mu);
  for (int i = 0; i < 30; ++i) {
    s.at(10).lock(mu).unlock(mu);
  }
  s.ready(2).as(2).lock(mu).unlock(mu);
  const auto findings = starvation(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].occurrences, 2U);
}

}  // namespace
}  // namespace gordian::analysis
