// SPDX-License-Identifier: Apache-2.0
// Goroutines that nobody can wake and that no cycle holds: stuck while others run, leaked when main returns. Each
// beside a twin that is none.
#include <gmock/gmock.h>

#include "analyzer/detect/deadlock.h"
#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Steps = std::vector<std::string>;

TEST(Leaked, EqualLeaksAreOneFindingWithACount) {
  Script s;
  const Obj jobs = s.channel("jobs");
  start_idle_workers(s, jobs);
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].occurrences, 4U);
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g2 x4 -> jobs", "2 jobs -> nobody"}));
}

TEST(Leaked, LeaksOnChannelsOfTheirOwnAreDrawnUpToALimit) {
  Script s;
  std::vector<Obj> channels;
  for (int i = 0; i < 20; ++i) {
    channels.push_back(s.channel("ch"));
  }
  for (std::uint64_t g = 2; g < 22; ++g) {
    s.at(3).go(g, g == 2 ? 0 : 2);
  }
  for (std::uint64_t g = 2; g < 22; ++g) {
    s.as(g).at(20).block(WaitReason::chan_send, {channels[g - 2]});
  }
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].occurrences, 20U);
  EXPECT_THAT(findings[0].actors, SizeIs(8));
}

TEST(NilChannel, IsStuckEvenWhileOthersRun) {
  Script s;
  s.go(2).as(2).at(4).block(WaitReason::chan_receive_nil);
  s.as(1).block(WaitReason::sleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind, FindingKind::StuckGoroutine);
  EXPECT_EQ(findings[0].subkind, "nil-channel");
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g2 -> nil", "2 nil -> nobody"}));
}

TEST(EmptySelect, IsStuck) {
  Script s;
  s.go(2).as(2).block(WaitReason::select_empty);
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind, FindingKind::LeakedGoroutine);
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g2 -> select of g2", "2 select of g2 -> nobody"}));
}

TEST(Leaked, SenderWhoseReceiverReturned) {
  Script s;
  const Obj ch = s.channel("ch");
  s.go(2).go(3);
  s.block(WaitReason::chan_receive, {ch});
  s.as(2).at(20).send(ch).recv(ch, 1).end();
  s.as(3).at(30).block(WaitReason::chan_send, {ch});
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind, FindingKind::LeakedGoroutine);
  EXPECT_EQ(findings[0].subkind, "send");
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(3));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g3 -> ch", "2 ch -> nobody"}));
}

TEST(Leaked, RangeOverAChannelThatIsNeverClosed) {
  Script s;
  const Obj ch = s.channel("ch", 4);
  s.go(2).send(ch).as(2).recv(ch).at(22).block(WaitReason::chan_receive, {ch});
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind, FindingKind::LeakedGoroutine);
  EXPECT_EQ(findings[0].subkind, "receive");
}

TEST(Leaked, PipelineBehindALeakHangsOnIt) {
  Script s;
  const Obj in = s.channel("in", 1);
  const Obj mid = s.channel("mid", 1);
  s.go(2).go(3).send(in).as(2).recv(in).send(mid).block(WaitReason::chan_receive, {in});
  s.as(3).recv(mid).block(WaitReason::chan_receive, {mid});
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(2, 3));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g2 -> in", "2 in -> nobody"}));
}

TEST(Leaked, PingPongThatMainServedIsALeakAndNoKnot) {
  Script s;
  const Obj a = s.channel("a", 1);
  const Obj b = s.channel("b", 1);
  s.go(2).go(3).send(a);
  s.as(2).recv(a).send(b).as(3).recv(b).send(a).as(2).recv(a).block(WaitReason::chan_receive, {a});
  s.as(3).block(WaitReason::chan_receive, {b});
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind, FindingKind::LeakedGoroutine);
}

TEST(Leaked, LockThatMainTookAlong) {
  Script s;
  const Obj mu = s.mutex("mu");
  s.lock(mu).go(2).as(2).block(WaitReason::mutex_lock, {mu});
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind, FindingKind::LeakedGoroutine);
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g2 -> mu", "2 mu -> nobody"}));
}

TEST(Leaked, RunnableAtExitIsNone) {
  Script s;
  s.go(2).as(2).as(1).main_returns();
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Leaked, SleepingAtExitIsNone) {
  Script s;
  s.go(2).as(2).block(WaitReason::sleep);
  s.as(1).main_returns();
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Leaked, ReceiverWhoseSenderHasNotBegunIsNone) {
  Script s;
  const Obj ch = s.channel("ch");
  s.go(2).go(3).as(2).block(WaitReason::chan_receive, {ch});
  s.as(1).main_returns();
  EXPECT_THAT(s.findings(), IsEmpty()) << "g3 was created and may send";
}

TEST(Leaked, PendingTimerIsNone) {
  Script s;
  const Obj ch = s.channel("tick", 1);
  s.go(2).as(2).timer(ch).block(WaitReason::chan_receive, {ch});
  s.as(1).main_returns();
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Leaked, MessageOnItsWayIsNone) {
  Script s;
  const Obj ch = s.channel("ch", 1);
  s.go(2).as(2).block(WaitReason::chan_receive, {ch});
  s.as(1).send(ch).main_returns();
  EXPECT_THAT(s.findings(), IsEmpty()) << "the trace ends before the wake-up";
}

TEST(Leaked, ClosedChannelIsNone) {
  Script s;
  const Obj ch = s.channel("ch");
  s.go(2).as(2).block(WaitReason::chan_receive, {ch});
  s.as(1).close(ch).main_returns();
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Stuck, DeathByPanicInterruptsTheOneWhoWouldHaveServed) {
  Script s;
  const Obj ch = s.channel("ch");
  s.go(2).as(2).block(WaitReason::chan_receive, {ch});
  s.as(1).panic(PanicCode::user, 0).exits(2);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(EveryGoroutine, IsInOneFindingOnly) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj ch = s.channel("ch");
  s.go(2).go(3).go(4);
  s.as(2).lock(a).block(WaitReason::mutex_lock, {a});
  s.as(3).block(WaitReason::mutex_lock, {a});
  s.as(4).block(WaitReason::chan_send, {ch});
  s.as(1).main_returns();
  std::vector<std::uint64_t> all;
  for (const Finding& finding : s.findings()) {
    for (const std::uint64_t id : actor_ids(finding)) {
      all.push_back(id);
    }
  }
  EXPECT_THAT(all, testing::UnorderedElementsAre(2, 3, 4));
}

}  // namespace
}  // namespace gordian::analysis
