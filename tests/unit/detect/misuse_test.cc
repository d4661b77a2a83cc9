// SPDX-License-Identifier: Apache-2.0
// What the runtime said becomes a finding with the deed that made it wrong.
#include "analyzer/detect/misuse.h"

#include <gmock/gmock.h>

#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Misuse, SecondCloseNamesTheFirst) {
  Script s;
  const Obj ch = s.channel("ch");
  s.go(2).at(11).close(ch).as(2).at(22).panic(PanicCode::close_of_closed, ch).exits(2);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::Misuse);
  EXPECT_EQ(f.subkind, "double-close");
  EXPECT_EQ(f.certainty, Certainty::observed);
  EXPECT_EQ(f.object.name, "ch");
  EXPECT_THAT(actor_ids(f), ElementsAre(2, 1));
  EXPECT_EQ(f.actors[0].stack.front().line, 22U);
  EXPECT_EQ(f.actors[1].stack.front().line, 11U);
}

TEST(Misuse, SendOnClosedNamesTheClose) {
  Script s;
  const Obj ch = s.channel("ch");
  s.at(3).close(ch).at(4).panic(PanicCode::send_on_closed, ch).exits(2);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "send-on-closed");
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(1, 1));
}

TEST(Misuse, NegativeWaitGroupNamesTheAdds) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.at(2).add(wg, 1).at(3).done(wg).at(4).panic(PanicCode::negative_wait_group, wg).exits(2);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "negative-waitgroup");
  EXPECT_THAT(findings[0].actors, SizeIs(3));
}

TEST(Misuse, UnlockOfUnlockedIsFatalAndObserved) {
  Script s;
  const Obj mu = s.mutex("mu");
  s.lock(mu).at(5).unlock(mu).at(6).fatal(PanicCode::unlock_of_unlocked, mu).exits(2);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "unlock-of-unlocked");
  EXPECT_EQ(findings[0].actors[1].stack.front().line, 5U);
}

TEST(Misuse, RecoveredOnesCountAndRepeatsAreCounted) {
  Script s;
  const Obj ch = s.channel("ch");
  s.close(ch).at(8).panic(PanicCode::close_of_closed, ch).panic(PanicCode::close_of_closed, ch).main_returns();
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].occurrences, 2U);
}

TEST(Misuse, ALockThatIsDestroyedWhileItIsHeldNamesTheHolder) {
  Script s;
  const Obj mu = s.mutex("mu");
  s.thread(2).at(5);
  s.as(2).at(7).lock(mu);
  s.as(1).at(8).panic(PanicCode::destroyed_locked, mu);
  const auto findings = s.findings();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "destroyed-while-locked");
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(1, 2));
  EXPECT_EQ(findings[0].actors[1].stack.front().line, 7U);
}

TEST(Misuse, WhoIsToldOfAMisuseGoesOn) {
  Script s;
  const Obj mu = s.mutex("mu");
  const Obj never = s.channel("never");
  s.thread(2).as(2).panic(PanicCode::free_unlock, mu).block(WaitReason::chan_receive, {never});
  s.as(1).block(WaitReason::thread_join, {2});
  EXPECT_THAT(s.findings(), SizeIs(2));  // the misuse, and the deadlock
}

TEST(Misuse, TerminateByHandIsNotADestroyedThread) {
  Script s;
  s.fatal(PanicCode::joinable_destroyed);
  EXPECT_THAT(s.findings(), IsEmpty());
}

TEST(Misuse, TheUsersOwnPanicIsNone) {
  Script s;
  s.panic(PanicCode::user, 0).exits(2);
  EXPECT_THAT(s.findings(), IsEmpty());
}

}  // namespace
}  // namespace gordian::analysis
