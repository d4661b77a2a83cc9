// SPDX-License-Identifier: Apache-2.0
// Lock-order inversions that did not hang, each filter with the twin that it silences.
#include "analyzer/detect/lock_order.h"

#include <gmock/gmock.h>

#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Steps = std::vector<std::string>;

// Locks `first`, then `second`, and releases both: requests at line + 1.
void nest(Script& s, Obj first, Obj second, std::uint64_t line = 10) {
  s.at(line).lock(first).at(line + 1).lock(second).at(line + 2).unlock(second).unlock(first);
}

TEST(LockOrder, OppositeOrdersInTwoGoroutines) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).go(3).as(2);
  nest(s, a, b, 20);
  nest(s, a, b, 20);
  s.as(3);
  nest(s, b, a, 30);
  s.as(1).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::LockOrderInversion);
  EXPECT_EQ(f.certainty, Certainty::potential);
  EXPECT_THAT(actor_ids(f), ElementsAre(2, 3));
  EXPECT_EQ(guilty_steps(f), (Steps{"1 a -> b", "2 b -> a"}));
  EXPECT_EQ(f.actors[0].objects[0].name, "b");
  EXPECT_EQ(f.actors[0].stack.front().line, 21U);
  ASSERT_THAT(f.actors[0].holds, SizeIs(1));
  EXPECT_EQ(f.actors[0].holds[0].object.name, "a");
  EXPECT_EQ(f.actors[0].holds[0].stack.front().line, 20U);
  EXPECT_EQ(f.graph.edges[0].count, 2U);
  EXPECT_EQ(f.graph.edges[0].actor, ActorId(2));
  EXPECT_EQ(f.occurrences, 1U) << "the rarer of the two orders";
}

TEST(LockOrder, OneGoroutineAloneIsSilent) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  nest(s, a, b);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, SameOrderIsSilent) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).as(2);
  nest(s, a, b);
  s.as(1);
  nest(s, a, b);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, GateLockIsSilent) {
  Script s;
  const Obj gate = s.mutex("gate");
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).as(2).lock(gate);
  nest(s, a, b);
  s.unlock(gate).as(1).lock(gate);
  nest(s, b, a);
  s.unlock(gate);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, ReadersOfACommonLockAreNoGate) {
  Script s;
  const Obj gate = s.rwmutex("gate");
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).as(2).read_lock(gate);
  nest(s, a, b);
  s.read_unlock(gate).as(1).read_lock(gate);
  nest(s, b, a);
  s.read_unlock(gate);
  EXPECT_THAT(s.findings(), SizeIs(1));
}

void nest_reads(Script& s, Obj first, Obj second) {
  s.read_lock(first).read_lock(second).read_unlock(second).read_unlock(first);
}

TEST(LockOrder, ReadersInOppositeOrdersAreSilent) {
  Script s;
  const Obj a = s.rwmutex("a");
  const Obj b = s.rwmutex("b");
  s.go(2).as(2);
  nest_reads(s, a, b);
  s.as(1);
  nest_reads(s, b, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, ReadersInOppositeOrdersAndWritersBetweenThem) {
  Script s;
  const Obj a = s.rwmutex("a");
  const Obj b = s.rwmutex("b");
  s.go(2).go(3).go(4).as(2);
  nest_reads(s, a, b);
  s.as(1);
  nest_reads(s, b, a);
  s.as(3).lock(a).unlock(a).as(4).lock(b).unlock(b);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "behind-writer");
  EXPECT_THAT(actor_ids(findings[0]), testing::UnorderedElementsAre(1, 2, 3, 4));
}

TEST(LockOrder, OneWriterCannotBeBetweenBoth) {
  Script s;
  const Obj a = s.rwmutex("a");
  const Obj b = s.rwmutex("b");
  s.go(2).go(3).as(2);
  nest_reads(s, a, b);
  s.as(1);
  nest_reads(s, b, a);
  s.as(3).lock(a).unlock(a).lock(b).unlock(b);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, RecursiveReadLockWithAWriter) {
  Script s;
  const Obj rw = s.rwmutex("rw");
  s.go(2).as(2).at(20).read_lock(rw).at(21).read_lock(rw).read_unlock(rw).read_unlock(rw);
  s.as(1).at(10).lock(rw).unlock(rw);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "recursive-read-lock");
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(2, 1));
}

TEST(LockOrder, RecursiveReadLockWithoutAWriterIsSilent) {
  Script s;
  const Obj rw = s.rwmutex("rw");
  s.go(2).as(2).read_lock(rw).read_lock(rw).read_unlock(rw).read_unlock(rw);
  s.as(1).read_lock(rw).read_unlock(rw);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, OrderedByCreationIsSilent) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  nest(s, a, b);
  s.go(2).as(2);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, OrderedByAChannelIsSilent) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  const Obj ch = s.channel("ch", 1);
  s.go(2);
  nest(s, a, b);
  s.send(ch).as(2).recv(ch);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, OrderedByAWaitGroupIsSilent) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).as(2);
  nest(s, a, b);
  s.done(wg).end().as(1).wait(wg);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, OrderedByAMutexOnlyIsFound) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  const Obj other = s.mutex("other");
  s.go(2);
  nest(s, a, b);
  s.lock(other).unlock(other).as(2).lock(other).unlock(other);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), SizeIs(1)) << "another schedule passes the mutex the other way";
}

TEST(LockOrder, LaterRequestsThatAreNotOrderedCount) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  nest(s, a, b);
  s.go(2);
  nest(s, a, b);
  s.as(2);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), SizeIs(1));
}

TEST(LockOrder, FlagThatIsAcquiredOrders) {
  for (const auto order : {trace::AtomicOrder::relaxed, trace::AtomicOrder::seq_cst}) {
    Script s;
    const Obj a = s.mutex("a");
    const Obj b = s.mutex("b");
    s.go(2);
    nest(s, a, b);
    const auto o = static_cast<std::uint64_t>(order);
    s.op(trace::Atomic{0, 64, 4, static_cast<std::uint64_t>(trace::AtomicOp::store), o, 0, 1});
    s.as(2).op(trace::Atomic{0, 64, 4, static_cast<std::uint64_t>(trace::AtomicOp::load), o, 0, 2});
    nest(s, b, a);
    EXPECT_THAT(s.findings(), SizeIs(order == trace::AtomicOrder::relaxed ? 1 : 0));
  }
}

TEST(LockOrder, CounterThatBothIncrementDoesNotOrder) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2);
  nest(s, a, b);
  const auto add = [&](std::uint64_t ticket) {
    s.op(trace::Atomic{0, 64, 4, static_cast<std::uint64_t>(trace::AtomicOp::rmw),
                       static_cast<std::uint64_t>(trace::AtomicOrder::seq_cst), 0, ticket});
  };
  add(1);
  s.as(2);
  add(2);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), SizeIs(1));
}

TEST(LockOrder, RingOfThree) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  const Obj c = s.mutex("c");
  s.go(2).go(3).go(4).as(2);
  nest(s, a, b);
  s.as(3);
  nest(s, b, c);
  s.as(4);
  nest(s, c, a);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 a -> b", "2 b -> c", "3 c -> a"}));
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(2, 3, 4));
}

TEST(LockOrder, RingOfThreeByTwoGoroutinesIsSilent) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  const Obj c = s.mutex("c");
  s.go(2).as(2);
  nest(s, a, b);
  nest(s, b, c);
  s.as(1);
  nest(s, c, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, TryLockNeverWaits) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).as(2);
  nest(s, a, b);
  s.as(1).lock(b).try_lock(a).unlock(a).unlock(b);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, TryLockIsWaitedFor) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).as(2);
  nest(s, a, b);
  s.as(1).try_lock(b).lock(a).unlock(a).unlock(b);
  EXPECT_THAT(s.findings(), SizeIs(1));
}

TEST(LockOrder, RequestThatWasNeverGrantedCounts) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).go(3).as(2);
  nest(s, a, b);
  s.as(3).lock(a).as(2).lock(b).at(23).block(WaitReason::mutex_lock, {a});
  s.as(3).block(WaitReason::sleep);
  s.as(1).block(WaitReason::sleep);
  const auto findings = s.findings();
  EXPECT_THAT(findings, IsEmpty()) << "both orders by g2 alone";
  Script t;
  const Obj c = t.mutex("c");
  const Obj d = t.mutex("d");
  t.go(2).go(3).as(2);
  nest(t, c, d);
  t.as(1).lock(c).as(3).lock(d).at(33).block(WaitReason::mutex_lock, {c});
  t.as(1).block(WaitReason::sleep);
  ASSERT_THAT(t.findings(), SizeIs(1));
}

TEST(LockOrder, BlockedRequestCountsOnce) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).go(3).as(3).lock(b);
  s.as(2).lock(a).block(WaitReason::mutex_lock, {b});
  s.as(3).unlock(b).ready(2).as(3).lock(b).as(2).block(WaitReason::mutex_lock, {b});
  s.as(3).unlock(b).lock_for(2, b).as(2).unlock(b).unlock(a);
  s.as(3);
  nest(s, b, a);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].graph.edges[0].count, 1U);
}

// A wait with a time limit is a sleep that names the lock.
TEST(LockOrder, LockWithATimeLimitNeverWaitsForEver) {
  for (const bool granted : {true, false}) {
    Script s;
    const Obj a = s.mutex("a");
    const Obj b = s.mutex("b");
    const Obj c = s.mutex("c");
    s.go(2).as(2);
    nest(s, a, b);
    nest(s, c, b);
    s.lock(a).as(1).lock(b).block(WaitReason::sleep, {a});
    s.as(2).unlock(a);
    if (granted) {
      s.ready(1).as(1).lock(a).unlock(a).unlock(b);
    } else {
      s.ready(1).as(1).op(trace::TryLockFailed{0, a, 0}).lock(c).unlock(c).unlock(b);
    }
    EXPECT_THAT(s.findings(), SizeIs(granted ? 0 : 1)) << "the lock after a failed one is requested as ever";
  }
}

TEST(LockOrder, LockThatPassesBetweenGoroutinesIsLeftOut) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).lock(b).as(2).unlock(b);
  nest(s, a, b);
  s.as(1);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrder, ManyWorkersWithTheSameCodeAreOneFinding) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  for (std::uint64_t g = 2; g < 40; ++g) {
    s.go(g);
  }
  for (std::uint64_t g = 2; g < 40; ++g) {
    s.as(g);
    nest(s, g % 2 == 0 ? a : b, g % 2 == 0 ? b : a);
  }
  EXPECT_THAT(s.findings(), SizeIs(1));
}

TEST(LockOrder, NeighboursAndGatedOrdersStandBeside) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  const Obj c = s.mutex("c");
  const Obj gate = s.mutex("gate");
  s.go(2).as(2);
  nest(s, a, b);
  s.lock(gate);
  nest(s, a, c);
  s.unlock(gate).as(1);
  nest(s, b, a);
  s.lock(gate);
  nest(s, c, a);
  s.unlock(gate);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(guilty_steps(findings[0]), (Steps{"1 b -> a", "2 a -> b"}));
  std::size_t gated = 0;
  for (const GraphEdge& edge : findings[0].graph.edges) {
    if (!edge.gates.empty()) {
      EXPECT_FALSE(edge.guilty);
      EXPECT_EQ(edge.gates[0].name, "gate");
      ++gated;
    }
  }
  EXPECT_EQ(gated, 2U) << "a -> c and c -> a";
}

}  // namespace
}  // namespace gordian::analysis
