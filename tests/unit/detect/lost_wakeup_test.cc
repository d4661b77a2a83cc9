// SPDX-License-Identifier: Apache-2.0
// Who hangs on a Cond, and by what name: a lost wake-up if a signal came before it waited, else stuck, leaked or part
// of a deadlock. Semaphores and timers beside it.
#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

const GraphEdge* dead_end(const Finding& finding) {
  for (const GraphEdge& edge : finding.graph.edges) {
    if (edge.kind == EdgeKind::wake_nobody) {
      return &edge;
    }
  }
  return nullptr;
}

TEST(LostWakeup, TheSignalCameFirst) {
  Script s;
  const Obj ready = s.cond("ready");
  s.go(2).at(10).signal(ready);
  s.as(2).at(20).block(WaitReason::cond_wait, {ready});
  s.as(1).main_returns();
  const std::vector<Finding> findings = s.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::LostWakeup);
  EXPECT_EQ(findings[0].subkind, "partial");
  EXPECT_EQ(actor_ids(findings[0]), (std::vector<std::uint64_t>{2, 1}));
  EXPECT_EQ(findings[0].actors[1].role, Role::performs);
  ASSERT_NE(dead_end(findings[0]), nullptr);
  EXPECT_EQ(dead_end(findings[0])->where.line, 10U);
}

TEST(LostWakeup, OthersWaitForTheOneThatMissedIt) {
  Script s;
  const Obj ready = s.cond("ready");
  const Obj group = s.wait_group("group");
  s.add(group, 1).go(2).at(10).signal(ready).at(11).block(WaitReason::wait_group, {group});
  s.as(2).at(20).block(WaitReason::cond_wait, {ready});
  const std::vector<Finding> findings = s.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::LostWakeup);
  EXPECT_EQ(findings[0].subkind, "all-asleep");
  EXPECT_EQ(findings[0].actors.front().id, ActorId{2});
}

TEST(LostWakeup, NotWithoutASignal) {
  Script s;
  const Obj ready = s.cond("ready");
  s.go(2).as(2).at(20).block(WaitReason::cond_wait, {ready});
  s.as(1).main_returns();
  const std::vector<Finding> findings = s.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::LeakedGoroutine);
  EXPECT_EQ(findings[0].subkind, "cond");
  EXPECT_TRUE(dead_end(findings[0])->where.file.empty());
}

TEST(LostWakeup, NotASignalBeforeItsLastReturn) {
  Script s;
  const Obj ready = s.cond("ready");
  s.go(2).signal(ready);
  s.as(2).at(20).block(WaitReason::cond_wait, {ready});
  s.as(1).signal(ready, {2});
  s.as(2).at(20).block(WaitReason::cond_wait, {ready});
  s.as(1).main_returns();
  ASSERT_EQ(s.findings().size(), 1U);
  EXPECT_EQ(s.findings()[0].kind, FindingKind::LeakedGoroutine);
}

TEST(LostWakeup, NotItsOwnSignal) {
  Script s;
  const Obj ready = s.cond("ready");
  s.go(2).as(2).signal(ready).at(20).block(WaitReason::cond_wait, {ready});
  s.as(1).main_returns();
  ASSERT_EQ(s.findings().size(), 1U);
  EXPECT_EQ(s.findings()[0].kind, FindingKind::LeakedGoroutine);
}

TEST(LostWakeup, NotWhileSomebodyRunsWhoMaySignal) {
  Script s;
  const Obj ready = s.cond("ready");
  s.go(2).go(3).signal(ready);
  s.as(2).at(20).block(WaitReason::cond_wait, {ready});
  s.as(3).at(30).block(WaitReason::sleep);
  s.as(1).main_returns();
  EXPECT_TRUE(s.findings().empty());
}

// Each waits for the other's signal, after both have signalled somebody before.
TEST(LostWakeup, TwoThatWaitForEachOtherAreADeadlock) {
  Script s;
  const Obj left = s.cond("left");
  const Obj right = s.cond("right");
  s.go(2).go(3).go(4);
  s.as(4).block(WaitReason::cond_wait, {left});
  s.as(2).signal(left, {4});
  s.as(4).block(WaitReason::cond_wait, {right});
  s.as(3).signal(right, {4});
  s.as(4).end();
  s.as(2).at(20).block(WaitReason::cond_wait, {right});
  s.as(3).at(30).block(WaitReason::cond_wait, {left});
  s.as(1).at(5).block(WaitReason::sleep);
  s.ready(1);
  s.as(1).main_returns();
  const std::vector<Finding> findings = s.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::Deadlock);
  EXPECT_EQ(guilty_steps(findings[0]),
            (std::vector<std::string>{"1 g2 -> right", "2 right -> g3", "3 g3 -> left", "4 left -> g2"}));
}

TEST(LostWakeup, PermitsAreHeldByThoseWhoTookThem) {
  Script s;
  const Obj a = s.semaphore("a", 1);
  const Obj b = s.semaphore("b", 1);
  s.go(2).go(3);
  s.as(2).acquire(a);
  s.as(3).acquire(b);
  s.as(2).at(20).block(WaitReason::semaphore, {b});
  s.as(3).at(30).block(WaitReason::semaphore, {a});
  s.as(1).main_returns();
  const std::vector<Finding> findings = s.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::Deadlock);
  EXPECT_EQ(guilty_steps(findings[0]), (std::vector<std::string>{"1 g2 -> b", "2 b -> g3", "3 g3 -> a", "4 a -> g2"}));
}

// A semaphore beside the done channel of a context.
TEST(LostWakeup, AClosedChannelEndsTheWaitForPermits) {
  Script s;
  const Obj slots = s.semaphore("slots", 1);
  const Obj done = s.channel("done");
  s.acquire(slots).go(2).as(2).at(20).block(WaitReason::semaphore, {slots, done});
  s.as(1).close(done).main_returns();
  EXPECT_TRUE(s.findings().empty());
}

TEST(LostWakeup, AStoppedTimerSendsNothing) {
  Script s;
  const Obj alarm = s.channel("alarm");
  s.timer(alarm).go(2).as(2).at(20).block(WaitReason::chan_receive, {alarm});
  s.as(1).stop_timer(alarm).main_returns();
  ASSERT_EQ(s.findings().size(), 1U);
  EXPECT_EQ(s.findings()[0].kind, FindingKind::LeakedGoroutine);
}

TEST(LostWakeup, APendingTimerDoes) {
  Script s;
  const Obj alarm = s.channel("alarm");
  s.timer(alarm).stop_timer(alarm).timer(alarm).go(2).as(2).at(20).block(WaitReason::chan_receive, {alarm});
  s.as(1).main_returns();
  EXPECT_TRUE(s.findings().empty());
}

}  // namespace
}  // namespace gordian::analysis
