// SPDX-License-Identifier: Apache-2.0
// Deadlocks: everyone asleep, or a cycle that the rest of the program outlives, each beside a twin that is none.
#include "analyzer/detect/deadlock.h"

#include <gmock/gmock.h>

#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Steps = std::vector<std::string>;

TEST(AllAsleep, MainReceivesAndNobodySends) {
  Script s;
  const Obj ch = s.channel("ch");
  s.at(9).block(WaitReason::chan_receive, {ch}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::Deadlock);
  EXPECT_EQ(f.subkind, "all-asleep");
  EXPECT_EQ(f.certainty, Certainty::observed);
  EXPECT_EQ(f.object.name, "ch");
  EXPECT_THAT(actor_ids(f), ElementsAre(1));
  EXPECT_EQ(f.actors[0].stack.front().line, 9U);
  EXPECT_EQ(guilty_steps(f), (Steps{"1 g1 -> ch", "2 ch -> nobody"}));
}

TEST(AllAsleep, IsFoundWithoutTheRuntimesWord) {
  Script s;
  const Obj ch = s.channel("ch");
  s.block(WaitReason::chan_receive, {ch});
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "all-asleep");
}

TEST(AllAsleep, BothWaitForTheFirstMoveOfTheOther) {
  Script s;
  const Obj a = s.channel("a");
  const Obj b = s.channel("b");
  s.go(2).as(2).block(WaitReason::chan_receive, {a});
  s.as(1).block(WaitReason::chan_receive, {b}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g1 -> b", "2 b -> nobody", "3 g2 -> a", "4 a -> nobody"}));
  for (const GraphEdge& edge : findings[0].graph.edges) {
    EXPECT_EQ(edge.unserved, edge.kind == EdgeKind::wake_nobody);
  }
}

TEST(AllAsleep, AProducerThatHasEndedDidServe) {
  Script s;
  const Obj ch = s.channel("ch", 1);
  s.go(2).as(2).send(ch).end();
  s.as(1).recv(ch).block(WaitReason::chan_receive, {ch}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_FALSE(findings[0].graph.edges.back().unserved);
}

TEST(AllAsleep, SelfLock) {
  Script s;
  const Obj mu = s.mutex("mu");
  s.at(5).lock(mu).at(6).block(WaitReason::mutex_lock, {mu}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g1 -> mu", "2 mu -> g1"}));
  ASSERT_THAT(findings[0].actors[0].holds, SizeIs(1));
  EXPECT_EQ(findings[0].actors[0].holds[0].stack.front().line, 5U);
}

// Both workers hold one lock and wait for the other; main waits for the group.
void hang_on_two_locks(Script& s, Obj a, Obj b, Obj wg) {
  s.add(wg, 2).go(2).go(3);
  s.as(2).at(20).lock(a).as(3).at(30).lock(b);
  s.at(31).block(WaitReason::mutex_lock, {a});
  s.as(2).at(21).block(WaitReason::mutex_lock, {b});
  s.as(1).at(12).block(WaitReason::wait_group, {wg});
}

TEST(AllAsleep, TwoLocksThatHungAreOneDeadlockAndNoInversion) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  const Obj wg = s.wait_group("wg");
  hang_on_two_locks(s, a, b, wg);
  s.fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::Deadlock);
  EXPECT_EQ(guilty_steps(f), (Steps{"1 g2 -> b", "2 b -> g3", "3 g3 -> a", "4 a -> g2"}));
  EXPECT_THAT(actor_ids(f), ElementsAre(2, 3, 1));
  EXPECT_EQ(f.actors[0].created.front().function, "main");
  for (const GraphEdge& edge : f.graph.edges) {
    if (edge.step == "1") {
      EXPECT_EQ(edge.where.line, 21U);
    } else if (edge.step == "2") {
      EXPECT_EQ(edge.where.line, 30U) << "where it was locked";
    }
  }
}

TEST(Partial, TwoLocksWhileMainSleeps) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).go(3).as(2).lock(a).as(3).lock(b).block(WaitReason::mutex_lock, {a});
  s.as(2).block(WaitReason::mutex_lock, {b}).as(1).block(WaitReason::sleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "partial");
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(2, 3));
  EXPECT_EQ(findings[0].graph.not_drawn, 1U);
}

TEST(Partial, TwoSeparateCyclesAreTwoFindingsWithTheirFollowers) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).go(3).go(4);
  s.as(2).lock(a).block(WaitReason::mutex_lock, {a});
  s.as(3).lock(b).block(WaitReason::mutex_lock, {b});
  s.as(4).block(WaitReason::mutex_lock, {b});
  s.as(1).block(WaitReason::sleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(2));
  EXPECT_THAT(actor_ids(findings[1]), ElementsAre(3, 4));
}

TEST(Partial, WaitingForALockWhoseHolderSleepsIsNothing) {
  Script s;
  const Obj mu = s.mutex("mu");
  s.go(2).as(2).lock(mu).block(WaitReason::sleep);
  s.as(1).block(WaitReason::mutex_lock, {mu});
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Mixed, SenderHoldsTheLockThatTheReceiverNeeds) {
  Script s;
  const Obj mu = s.mutex("mu");
  const Obj ch = s.channel("ch");
  s.go(2).as(2).lock(mu).at(21).block(WaitReason::chan_send, {ch});
  s.as(1).at(11).block(WaitReason::mutex_lock, {mu}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g1 -> mu", "2 mu -> g2", "3 g2 -> ch", "4 ch -> g1"}));
}

TEST(Mixed, ReceiverThatHasServedBeforeIsKnownByItsDeeds) {
  Script s;
  const Obj mu = s.mutex("mu");
  const Obj ch = s.channel("ch", 1);
  s.go(2).go(3).as(2).lock(mu).send(ch).unlock(mu);
  s.as(3).lock(mu).recv(ch).unlock(mu);
  s.as(2).lock(mu).send(ch).block(WaitReason::chan_send, {ch});
  s.as(3).block(WaitReason::mutex_lock, {mu});
  s.as(1).block(WaitReason::sleep);
  // main sleeps, and could still drain the channel.
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Mixed, ReceiverThatHasServedBeforeClosesTheCycle) {
  Script s;
  const Obj mu = s.mutex("mu");
  const Obj ch = s.channel("ch", 1);
  s.go(2).go(3).as(2).lock(mu).send(ch).unlock(mu);
  s.as(3).lock(mu).recv(ch).unlock(mu);
  s.as(2).lock(mu).send(ch).block(WaitReason::chan_send, {ch});
  s.as(3).block(WaitReason::mutex_lock, {mu});
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "partial");
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g2 -> ch", "2 ch -> g3", "3 g3 -> mu", "4 mu -> g2"}));
}

TEST(AllAsleep, DiningPhilosophers) {
  Script s;
  std::vector<Obj> forks;
  for (int i = 0; i < 5; ++i) {
    forks.push_back(s.mutex("fork" + std::to_string(i)));
  }
  const Obj wg = s.wait_group("wg");
  s.add(wg, 5);
  for (std::uint64_t i = 0; i < 5; ++i) {
    s.go(2 + i);
  }
  for (std::uint64_t i = 0; i < 5; ++i) {
    s.as(2 + i).at(20).lock(forks[i]);
  }
  for (std::uint64_t i = 0; i < 5; ++i) {
    s.as(2 + i).at(21).block(WaitReason::mutex_lock, {forks[(i + 1) % 5]});
  }
  s.as(1).block(WaitReason::wait_group, {wg}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(guilty_steps(findings[0]), SizeIs(10));
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(2, 3, 4, 5, 6, 1));
}

TEST(AllAsleep, SelectKnotNumbersItsBranchesWithLetters) {
  Script s;
  const Obj mu = s.mutex("mu");
  const Obj in = s.channel("in");
  const Obj out = s.channel("out", 1);
  s.go(2).go(3).as(2).lock(mu).send(out).as(3).recv(out).block(WaitReason::mutex_lock, {mu});
  s.as(2).send(out).block(WaitReason::select, {in * 2, out * 2 + 1});
  s.as(1).end();
  s.fatal(PanicCode::no_goroutines);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g2 -> select of g2", "2a select of g2 -> in", "2b select of g2 -> out",
                                              "3a in -> nobody", "3b out -> g3", "4b g3 -> mu", "5b mu -> g2"}));
}

TEST(AllAsleep, WaitGroupWithoutItsLastDone) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 2).go(2).as(2).done(wg).end();
  s.as(1).at(7).block(WaitReason::wait_group, {wg}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g1 -> wg", "2 wg -> nobody"}));
  EXPECT_EQ(findings[0].object.length, 1U) << "the counter";
}

TEST(AllAsleep, MainWaitsForWorkersThatNobodyReceivesFrom) {
  Script s;
  const Obj wg = s.wait_group("wg");
  const Obj ch = s.channel("ch");
  s.add(wg, 1).go(2).as(2).at(20).block(WaitReason::chan_send, {ch});
  s.as(1).block(WaitReason::wait_group, {wg}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g1 -> wg", "2 wg -> g2", "3 g2 -> ch", "4 ch -> nobody"}));
}

TEST(AllAsleep, WaitsBeforeItDrains) {
  Script s;
  const Obj wg = s.wait_group("wg");
  const Obj ch = s.channel("ch", 1);
  s.add(wg, 2).go(2).go(3).as(2).send(ch).done(wg).end();
  s.as(1).recv(ch);
  s.as(3).send(ch).block(WaitReason::chan_send, {ch});
  s.as(1).block(WaitReason::wait_group, {wg}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g1 -> wg", "2 wg -> g3", "3 g3 -> ch", "4 ch -> g1"}));
}

TEST(Groups, EqualWorkersAreOneNode) {
  Script s;
  const Obj jobs = s.channel("jobs");
  const Obj wg = s.wait_group("wg");
  s.add(wg, 4);
  start_idle_workers(s, jobs);
  s.as(1).at(9).block(WaitReason::wait_group, {wg}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g1 -> wg", "2 wg -> g2 x4", "3 g2 x4 -> jobs", "4 jobs -> nobody"}));
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(1, 2));
}

TEST(RwMutex, RecursiveReaderBehindAWriterThatHung) {
  Script s;
  const Obj rw = s.rwmutex("rw");
  s.go(2).as(2).read_lock(rw);
  s.as(1).block(WaitReason::rwmutex_lock, {rw});
  s.as(2).block(WaitReason::rwmutex_rlock, {rw}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(actor_ids(findings[0]), testing::UnorderedElementsAre(1, 2));
  for (const GraphNode& node : findings[0].graph.nodes) {
    EXPECT_TRUE(node.guilty);
  }
}

TEST(Once, FirstCallThatCallsItselfHangs) {
  Script s;
  const Obj once = s.once("once");
  s.once_begin(once).block(WaitReason::once, {once}).fatal(PanicCode::all_asleep);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 g1 -> once", "2 once -> g1"}));
}

}  // namespace
}  // namespace gordian::analysis
