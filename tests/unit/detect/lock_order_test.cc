// SPDX-License-Identifier: Apache-2.0
// Lock-order inversions that did not hang: what is found, and how it is told.
#include "analyzer/detect/lock_order.h"

#include <gmock/gmock.h>

#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Steps = std::vector<std::string>;

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
