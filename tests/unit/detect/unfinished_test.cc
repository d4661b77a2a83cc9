// SPDX-License-Identifier: Apache-2.0
// Whom the end of the program cut off, and objects that share a name.
#include "analyzer/detect/unfinished.h"

#include <gmock/gmock.h>

#include "analyzer/detect/tell_apart.h"
#include "analyzer/finding/phrases.h"
#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(Unfinished, WhoWaitsBesideASleeperIsNamedWithWhatItWaitsFor) {
  Script s;
  const Obj ch = s.channel("ch");
  s.go(2).go(3).as(2).block(WaitReason::sleep);
  s.as(3).at(30).block(WaitReason::chan_send, {ch});
  s.as(1).main_returns();
  EXPECT_THAT(s.findings(), IsEmpty());
  const auto unfinished = s.unfinished();
  ASSERT_THAT(unfinished, SizeIs(2));
  EXPECT_EQ(unfinished[0].role, Role::performs) << "it sleeps";
  EXPECT_EQ(unfinished[1].role, Role::waits);
  ASSERT_THAT(unfinished[1].objects, SizeIs(1));
  EXPECT_EQ(unfinished[1].objects[0].name, "ch");
  EXPECT_EQ(unfinished[1].stack.front().line, 30U);
}

TEST(Unfinished, WhoIsLeakedIsAFindingInstead) {
  Script s;
  const Obj ch = s.channel("ch");
  s.go(2).as(2).block(WaitReason::chan_send, {ch});
  s.as(1).main_returns();
  EXPECT_THAT(s.findings(), SizeIs(1));
  EXPECT_THAT(s.unfinished(), IsEmpty());
}

TEST(Unfinished, ExitAmidTheProgramLeavesOnlyThoseWhoWait) {
  Script s;
  const Obj ch = s.channel("ch");
  s.go(2).go(3).as(2).block(WaitReason::sleep);
  s.as(3).block(WaitReason::chan_receive, {ch});
  s.as(1).exits(0);
  EXPECT_THAT(s.findings(), IsEmpty());
  const auto unfinished = s.unfinished();
  ASSERT_THAT(unfinished, SizeIs(1));
  EXPECT_EQ(unfinished[0].id, ActorId{3});
}

ObjectRef mutex(std::uint64_t id, const std::string& name) {
  ObjectRef object;
  object.object_class = ObjectClass::sync;
  object.sync_kind = ObjectKind::mutex;
  object.id = ObjectId{id};
  object.name = name;
  return object;
}

TEST(TellApart, OnlyTwoObjectsOfOneNameGetTheirNumbers) {
  Finding finding;
  finding.object = mutex(3, "Account::mu");
  finding.actors.resize(1);
  finding.actors[0].objects = {mutex(3, "Account::mu"), mutex(7, "Account::mu"), mutex(8, "other")};
  tell_apart(finding);
  EXPECT_EQ(name_of(finding.object), "mutex Account::mu #3");
  EXPECT_EQ(name_of(finding.actors[0].objects[1]), "mutex Account::mu #7");
  EXPECT_EQ(name_of(finding.actors[0].objects[2]), "mutex other");
  finding.actors[0].objects.pop_back();
  finding.actors[0].objects.pop_back();
  tell_apart(finding);
  EXPECT_EQ(name_of(finding.object), "mutex Account::mu");
}

}  // namespace
}  // namespace gordian::analysis
