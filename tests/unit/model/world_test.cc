// SPDX-License-Identifier: Apache-2.0
// The state that the detectors look at: who is blocked on what, who holds which lock, what channels and counters
// contain.
#include "analyzer/model/world.h"

#include <gtest/gtest.h>

namespace gordian::analysis {
namespace {

using trace::EventKind;
using trace::WaitReason;

class WorldTest : public testing::Test {
 protected:
  template <class Event>
  void apply(std::uint64_t actor, const Event& event, std::uint32_t site = 1) {
    const trace::AnyEvent any = event;
    world_.apply({any, StreamId(1), ordinal_++, ActorId(actor), ActorId(actor), {StackId(1), site, false}});
  }
  const ActorState& actor(std::uint64_t id) { return *world_.actor(ActorId(id)); }
  const ObjectState& object(std::uint64_t id) { return *world_.object(ObjectId(id)); }

  World world_;
  std::uint64_t ordinal_ = 0;
};

TEST_F(WorldTest, BlocksAndIsWokenByACompletedOperation) {
  apply(1, trace::Go{1, 2, 1}, 7);
  apply(2, trace::Switch{2, 1, 0});
  const std::vector<std::uint64_t> cases = {9 * 2 + 1, 10 * 2};
  apply(2, trace::Block{1, static_cast<std::uint64_t>(WaitReason::select), 5, cases}, 3);
  EXPECT_EQ(actor(2).status, ActorStatus::blocked);
  EXPECT_EQ(actor(2).parent, ActorId(1));
  EXPECT_EQ(actor(2).created.site, 7u);
  ASSERT_EQ(actor(2).blocked_on.size(), 2u);
  EXPECT_TRUE(actor(2).blocked_on[0].sends && actor(2).blocked_on[0].object == ObjectId(9));
  EXPECT_EQ(actor(2).blocked_at.site, 3u);
  EXPECT_TRUE(object(9).users.at(ActorId(2)).contains(EventKind::ChanSend));
  apply(2, trace::ChanRecv{1, 10, 1, 0, 2, 1});
  EXPECT_EQ(actor(2).status, ActorStatus::runnable);
  EXPECT_TRUE(actor(2).blocked_on.empty());
  apply(2, trace::Switch{2, 2, 0});
  apply(2, trace::GoEnd{});
  EXPECT_EQ(actor(2).status, ActorStatus::ended);
}

TEST_F(WorldTest, HoldsEndWhereverTheyAreReleased) {
  apply(1, trace::Lock{1, 5, 1, 0, 0, 0});
  apply(1, trace::Lock{1, 6, 1, 1, 0, 0});
  apply(2, trace::Lock{1, 6, 2, 1, 0, 0});
  EXPECT_EQ(object(6).holders.size(), 2u);
  ASSERT_EQ(actor(1).holds.size(), 2u);
  apply(1, trace::Unlock{1, 6, 3, 1});
  EXPECT_EQ(object(6).holders, std::vector{ActorId(2)});
  EXPECT_FALSE(object(6).unlocked_elsewhere);
  apply(2, trace::Unlock{1, 5, 2, 0});
  EXPECT_TRUE(actor(1).holds.empty());
  EXPECT_TRUE(object(5).holders.empty());
  EXPECT_TRUE(object(5).unlocked_elsewhere);
}

TEST_F(WorldTest, CountsMessagesTimersAndCounters) {
  apply(1, trace::TimerSet{1, 5, 100});
  EXPECT_TRUE(object(5).timer_pending);
  apply(trace::kTimerActor, trace::ChanSend{0, 5, 1, trace::kTimerActor, 0});
  EXPECT_FALSE(object(5).timer_pending);
  EXPECT_EQ(object(5).sends, 1u);
  apply(1, trace::ChanRecv{1, 5, 1, 0, 0, 0});
  apply(1, trace::ChanRecv{1, 5, 0, 1, 0, 0});
  EXPECT_EQ(object(5).receives, 1u);
  apply(1, trace::WgAdd{1, 6, 1, 2, 2});
  EXPECT_EQ(object(6).counter, 2);
  EXPECT_EQ(world_.actors().size(), 1u);  // the clock is no actor
  apply(1, trace::ChanTryFailed{1, 0, 1});
  EXPECT_EQ(world_.object(ObjectId(0)), nullptr);
}

TEST_F(WorldTest, RemembersTheEnd) {
  apply(1, trace::Panic{1, 2, 5, "send on closed channel"});
  apply(1, trace::Loss{1, 4, 0});
  apply(1, trace::Exit{0, 1});
  EXPECT_TRUE(world_.exited() && world_.main_returned());
  EXPECT_EQ(world_.lost_sync(), 4u);
  ASSERT_EQ(world_.panics().size(), 1u);
  EXPECT_EQ(world_.panics()[0].text, "send on closed channel");
}

TEST_F(WorldTest, SignalsWakeAndTimersStartGoroutines) {
  const std::vector<std::uint64_t> cond = {5};
  apply(2, trace::Switch{2, 1, 0});
  apply(2, trace::Block{1, static_cast<std::uint64_t>(WaitReason::cond_wait), 5, cond}, 3);
  EXPECT_TRUE(object(5).users.at(ActorId(2)).contains(EventKind::CondWait));
  apply(1, trace::CondSignal{1, 5, 1, 0, 1});
  EXPECT_EQ(actor(2).status, ActorStatus::blocked);
  apply(2, trace::CondWait{1, 5, 2, 1, 2, 1});
  EXPECT_EQ(actor(2).status, ActorStatus::runnable);

  apply(1, trace::TimerSet{1, 6, 100, 1, 50, 0}, 8);
  apply(0, trace::TimerCall{6, 2, 9});
  EXPECT_TRUE(object(6).timer_pending) << "it repeats";
  EXPECT_EQ(actor(9).parent, ActorId(1));
  EXPECT_EQ(actor(9).created.site, 8u);
  apply(1, trace::TimerStop{1, 6, 3});
  EXPECT_FALSE(object(6).timer_pending);
}

TEST_F(WorldTest, PermitsHaveHolders) {
  apply(1, trace::SemAcquire{1, 7, 1, 2, 0, 0});
  apply(2, trace::SemAcquire{1, 7, 2, 1, 0, 0});
  EXPECT_EQ(object(7).counter, 3);
  apply(2, trace::SemRelease{1, 7, 3, 1});
  EXPECT_EQ(object(7).holders, std::vector<ActorId>{ActorId(1)});
  apply(3, trace::SemRelease{1, 7, 4, 2});
  EXPECT_TRUE(object(7).holders.empty()) << "anybody may release";
}

}  // namespace
}  // namespace gordian::analysis
