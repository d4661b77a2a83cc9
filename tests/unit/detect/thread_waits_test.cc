// SPDX-License-Identifier: Apache-2.0
// What plain threads wait for in the C library: hopeless, or about to end, or something that the trace cannot know.
#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

// Main waits for the end of thread 2, which waits for `object`.
std::vector<Finding> join_a_waiter(Script& s, WaitReason reason, Obj object) {
  s.as(2).at(20).block(reason, {object});
  s.as(1).at(10).block(WaitReason::thread_join, {2});
  return s.findings();
}

TEST(ThreadWaits, ASemaphoreWithoutPermits) {
  Script s;
  const Obj full = s.posix_semaphore("full", 1);
  s.thread(2).acquire(full);
  const std::vector<Finding> findings = join_a_waiter(s, WaitReason::semaphore, full);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::Deadlock);
  EXPECT_EQ(findings[0].subkind, "all-asleep");
}

TEST(ThreadWaits, ASemaphoreThatWasPosted) {
  Script s;
  const Obj full = s.posix_semaphore("full", 0);
  s.thread(2).release(full);  // the waiter has not come back yet
  EXPECT_TRUE(join_a_waiter(s, WaitReason::semaphore, full).empty());
}

TEST(ThreadWaits, ASemaphoreThatAHandlerMayPost) {
  Script s;
  const Obj full = s.posix_semaphore("full", 0);
  s.op(trace::SignalHandler{0, 10}).thread(2);
  EXPECT_TRUE(join_a_waiter(s, WaitReason::semaphore, full).empty());
}

TEST(ThreadWaits, AHandlerMaySignalNoCondition) {
  Script s;
  const Obj ready = s.cond("ready");
  s.op(trace::SignalHandler{0, 10}).thread(2);
  EXPECT_EQ(join_a_waiter(s, WaitReason::cond_wait, ready).size(), 1U);
}

TEST(ThreadWaits, AThreadOfATimerMayDoAnything) {
  Script s;
  const Obj ready = s.cond("ready");
  s.op(trace::SignalHandler{0, 0}).thread(2);
  EXPECT_TRUE(join_a_waiter(s, WaitReason::cond_wait, ready).empty());
}

TEST(ThreadWaits, ButItUnlocksNoMutexOfOthers) {
  Script s;
  const Obj mu = s.mutex("mu");
  s.op(trace::SignalHandler{0, 0}).thread(2).lock(mu);
  EXPECT_EQ(join_a_waiter(s, WaitReason::mutex_lock, mu).size(), 1U);
}

TEST(ThreadWaits, AnAtomicThatNobodyChanges) {
  Script s;
  const Obj latch = s.atomic("latch");
  s.thread(2);
  const std::vector<Finding> findings = join_a_waiter(s, WaitReason::atomic_wait, latch);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::Deadlock);
  EXPECT_EQ(findings[0].subkind, "all-asleep");
}

TEST(ThreadWaits, AnAtomicWhoseWaiterIsAboutToComeBack) {
  Script s;
  const Obj latch = s.atomic("latch");
  s.thread(2).signal_some(latch, 1);
  EXPECT_TRUE(join_a_waiter(s, WaitReason::atomic_wait, latch).empty());
}

TEST(ThreadWaits, AnAtomicThatAHandlerMayChange) {
  Script s;
  const Obj latch = s.atomic("latch");
  s.op(trace::SignalHandler{0, 10}).thread(2);
  EXPECT_TRUE(join_a_waiter(s, WaitReason::atomic_wait, latch).empty());
}

// As with a Cond it would be lost; but what counts of an atomic is its value, which the trace does not hold.
TEST(ThreadWaits, AWakeUpBeforeTheWaitIsNotALostOne) {
  Script s;
  const Obj latch = s.atomic("latch");
  s.thread(2).signal_some(latch, 0);
  const std::vector<Finding> findings = join_a_waiter(s, WaitReason::atomic_wait, latch);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::Deadlock);
}

TEST(ThreadWaits, ASignalWhoseWaiterHasNotComeBack) {
  Script s;
  const Obj ready = s.cond("ready");
  s.thread(2).signal_some(ready, 1);
  EXPECT_TRUE(join_a_waiter(s, WaitReason::cond_wait, ready).empty());
}

TEST(ThreadWaits, ASignalWhoseWaiterHasComeBack) {
  Script s;
  const Obj ready = s.cond("ready");
  s.thread(2).signal_some(ready, 1);
  s.as(2).comes_back(ready);
  EXPECT_EQ(join_a_waiter(s, WaitReason::cond_wait, ready).size(), 1U);
}

TEST(ThreadWaits, ABarrierThatMainDoesNotComeTo) {
  Script s;
  const Obj round = s.barrier("round", 2);
  s.thread(2).release(round);
  s.as(2).release(round).release(round);  // the second round of thread 2
  const std::vector<Finding> findings = join_a_waiter(s, WaitReason::barrier, round);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, FindingKind::Deadlock);
  const std::vector<GraphEdge>& edges = findings[0].graph.edges;
  EXPECT_TRUE(std::any_of(edges.begin(), edges.end(),
                          [](const GraphEdge& edge) { return edge.kind == EdgeKind::wake && edge.guilty; }));
}

TEST(ThreadWaits, AFullRoundLetsEverybodyGo) {
  Script s;
  const Obj round = s.barrier("round", 2);
  s.thread(2).release(round);
  s.as(2).release(round);
  EXPECT_TRUE(join_a_waiter(s, WaitReason::barrier, round).empty());
}

TEST(ThreadWaits, PoolsEndWithMain) {
  for (const bool is_thread : {true, false}) {
    Script s;
    const Obj work = s.cond("work");
    is_thread ? s.thread(2) : s.go(2);
    s.signal_some(work, 0);
    s.as(2).block(WaitReason::cond_wait, {work});
    s.as(1).main_returns();
    EXPECT_EQ(s.findings().size(), is_thread ? 0U : 1U);
  }
}

TEST(ThreadWaits, NotInARingOfLocks) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.thread(2).thread(3);
  s.as(2).lock(a);
  s.as(3).lock(b).block(WaitReason::mutex_lock, {a});
  s.as(2).block(WaitReason::mutex_lock, {b});
  s.as(1).main_returns();
  const std::vector<Finding> findings = s.findings();
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].kind, FindingKind::Deadlock);
  EXPECT_EQ(findings[0].subkind, "partial");
}

TEST(ThreadWaits, ADestroyedLockIsHeldByNobody) {
  Script s;
  const Obj mu = s.mutex("mu");
  s.lock(mu).op(trace::ObjectEnd{0, mu, 2});
  EXPECT_TRUE(s.findings().empty());
  EXPECT_TRUE(s.world().actor(ActorId{1})->holds.empty());
  EXPECT_TRUE(s.world().object(ObjectId{mu})->holders.empty());
}

}  // namespace
}  // namespace gordian::analysis
