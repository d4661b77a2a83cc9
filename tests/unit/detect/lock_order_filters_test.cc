// SPDX-License-Identifier: Apache-2.0
// What silences a lock-order inversion: one goroutine alone, a gate lock, an order between the requests, a request that
// never waits. Beside each filter stands the twin that it must not silence.
#include <gmock/gmock.h>

#include "analyzer/detect/lock_order.h"
#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(LockOrderFilters, OneGoroutineAloneIsSilent) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  nest(s, a, b);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrderFilters, SameOrderIsSilent) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).as(2);
  nest(s, a, b);
  s.as(1);
  nest(s, a, b);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrderFilters, GateLockIsSilent) {
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

TEST(LockOrderFilters, ReadersOfACommonLockAreNoGate) {
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

TEST(LockOrderFilters, OrderedByCreationIsSilent) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  nest(s, a, b);
  s.go(2).as(2);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrderFilters, OrderedByAChannelIsSilent) {
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

TEST(LockOrderFilters, OrderedByAWaitGroupIsSilent) {
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

TEST(LockOrderFilters, OrderedByAMutexOnlyIsFound) {
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

TEST(LockOrderFilters, LaterRequestsThatAreNotOrderedCount) {
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

TEST(LockOrderFilters, FlagThatIsAcquiredOrders) {
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

TEST(LockOrderFilters, CounterThatBothIncrementDoesNotOrder) {
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

TEST(LockOrderFilters, RingOfThreeByTwoGoroutinesIsSilent) {
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

TEST(LockOrderFilters, TryLockNeverWaits) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).as(2);
  nest(s, a, b);
  s.as(1).lock(b).try_lock(a).unlock(a).unlock(b);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(LockOrderFilters, TryLockIsWaitedFor) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).as(2);
  nest(s, a, b);
  s.as(1).try_lock(b).lock(a).unlock(a).unlock(b);
  EXPECT_THAT(s.findings(), SizeIs(1));
}

// A wait with a time limit is a sleep that names the lock.
TEST(LockOrderFilters, LockWithATimeLimitNeverWaitsForEver) {
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

TEST(LockOrderFilters, LockThatPassesBetweenGoroutinesIsLeftOut) {
  Script s;
  const Obj a = s.mutex("a");
  const Obj b = s.mutex("b");
  s.go(2).lock(b).as(2).unlock(b);
  nest(s, a, b);
  s.as(1);
  nest(s, b, a);
  EXPECT_THAT(s.findings(), IsEmpty());
}

}  // namespace
}  // namespace gordian::analysis
