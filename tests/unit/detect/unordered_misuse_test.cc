// SPDX-License-Identifier: Apache-2.0
// A send and the close, an add() from zero and a wait(): each pair without an order, in both orders of the trace,
// beside the orders that make it right.
#include "analyzer/detect/unordered_misuse.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Of the whole analysis, for the detector borrows the race detector's clocks.
std::vector<Finding> misuses(Script& s) {
  constexpr std::array<std::string_view, 3> kSubkinds = {"close-during-send", "waitgroup-add-during-wait",
                                                         "waitgroup-reused"};
  std::vector<Finding> findings = s.analysed();
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.kind != FindingKind::Misuse || std::ranges::find(kSubkinds, finding.subkind) == kSubkinds.end();
  });
  return findings;
}

TEST(UnorderedMisuse, CloseAfterASendThatItKnowsNothingOf) {
  Script s;
  const Obj ch = s.channel("ch", 1);
  s.go(2).as(2).at(20).send(ch).as(1).at(10).close(ch);
  const auto findings = misuses(s);
  ASSERT_THAT(findings, SizeIs(1));
  const Finding& f = findings[0];
  EXPECT_EQ(f.kind, FindingKind::Misuse);
  EXPECT_EQ(f.subkind, "close-during-send");
  EXPECT_EQ(f.certainty, Certainty::potential);
  EXPECT_EQ(f.object.name, "ch");
  EXPECT_THAT(actor_ids(f), ElementsAre(2, 1));
  EXPECT_EQ(f.actors[0].stack.front().line, 20U);
  EXPECT_EQ(f.actors[1].stack.front().line, 10U);
}

TEST(UnorderedMisuse, AReceiverThatClosesKnowsTheSend) {
  Script s;
  const Obj ch = s.channel("ch", 1);
  s.go(2).as(2).send(ch).as(1).recv(ch).close(ch);
  EXPECT_THAT(misuses(s), IsEmpty());
}

TEST(UnorderedMisuse, SendersThatWereWaitedForAreKnown) {
  Script s;
  const Obj ch = s.channel("ch", 2);
  const Obj wg = s.wait_group("wg");
  s.add(wg, 2).go(2).go(3).as(2).send(ch).done(wg).as(3).send(ch).done(wg).as(1).wait(wg).close(ch);
  EXPECT_THAT(misuses(s), IsEmpty());
}

TEST(UnorderedMisuse, OneOfTwoSendersIsForgotten) {
  Script s;
  const Obj ch = s.channel("ch", 2);
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).go(3).as(2).send(ch).done(wg).as(3).at(30).send(ch).as(1).wait(wg).close(ch);
  const auto findings = misuses(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(3, 1));
}

TEST(UnorderedMisuse, TheSenderItselfMayClose) {
  Script s;
  const Obj ch = s.channel("ch", 2);
  s.go(2).as(2).send(ch).send(ch).close(ch);
  EXPECT_THAT(misuses(s), IsEmpty());
}

TEST(UnorderedMisuse, WhatThePanicSaysIsNotSaidTwice) {
  Script s;
  const Obj ch = s.channel("ch", 2);
  s.go(2).go(3).as(3).send(ch).as(1).close(ch).as(2).panic(PanicCode::send_on_closed, ch);
  EXPECT_THAT(misuses(s), IsEmpty());
}

TEST(UnorderedMisuse, AddInsideTheGoroutine) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.go(2).as(2).at(20).add(wg, 1).as(1).at(10).block(WaitReason::wait_group, {wg});
  s.as(2).done(wg);
  const auto findings = misuses(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "waitgroup-add-during-wait");
  EXPECT_EQ(findings[0].certainty, Certainty::potential);
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(2, 1));
}

// Who waits knows what the other one did up to its send, and could have its slot but for the add() behind that.
TEST(UnorderedMisuse, AddAsTheLastDeedOfALife) {
  Script s;
  const Obj ch = s.channel("ch", 1);
  const Obj wg = s.wait_group("wg");
  s.go(2).as(2).send(ch).add(wg, 1).end().as(1).recv(ch).go(3).as(3).block(WaitReason::wait_group, {wg});
  const auto findings = misuses(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(2, 3));
}

TEST(UnorderedMisuse, AWaitThatDidNotWait) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.go(2).at(10).wait(wg).as(2).at(20).add(wg, 1).done(wg);
  const auto findings = misuses(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "waitgroup-add-during-wait");
  EXPECT_EQ(findings[0].certainty, Certainty::observed);
}

TEST(UnorderedMisuse, AddBeforeTheGoStatement) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).as(2).done(wg).as(1).wait(wg).add(wg, 1).go(3).as(3).done(wg).as(1).wait(wg);
  EXPECT_THAT(misuses(s), IsEmpty());
}

// The goroutine's own unit is still out: the counter is not zero.
TEST(UnorderedMisuse, AddByOneThatIsCounted) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).as(2).add(wg, 1).go(3).as(1).block(WaitReason::wait_group, {wg}).as(2).done(wg).as(3).done(wg);
  EXPECT_THAT(misuses(s), IsEmpty());
}

// main waits for the one it knows of; the other adds when that wait is over. It knows of no wait.
TEST(UnorderedMisuse, AddOfASecondJobThatComesTooLate) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).go(3).as(2).done(wg).as(1).at(10).wait(wg).as(3).at(30).add(wg, 1).done(wg);
  const auto findings = misuses(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "waitgroup-add-during-wait");
  EXPECT_EQ(findings[0].certainty, Certainty::potential);
  EXPECT_THAT(actor_ids(findings[0]), ElementsAre(3, 1));
}

TEST(UnorderedMisuse, TheSameTwoPlacesAreOneMistake) {
  Script s;
  for (const char* name : {"a", "b", "c"}) {
    const Obj ch = s.channel(name, 1);
    const std::uint64_t sender = 2 + static_cast<std::uint64_t>(name[0] - 'a');
    s.go(sender, sender == 2 ? 0 : 2).as(sender).at(20).send(ch).as(1).at(10).close(ch);
  }
  const auto findings = misuses(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].occurrences, 3U);
}

// Nothing of C++'s happens-before; but the send was done when the flag was stored, and the close begins when it is
// read.
TEST(UnorderedMisuse, ARelaxedFlagKeepsTheTwoApart) {
  const auto with_flag = [](bool reads) {
    Script s;
    const Obj ch = s.channel("ch", 1);
    const auto relaxed = static_cast<std::uint64_t>(trace::AtomicOrder::relaxed);
    const auto store = static_cast<std::uint64_t>(trace::AtomicOp::store);
    const auto load = static_cast<std::uint64_t>(trace::AtomicOp::load);
    s.go(2).as(2).send(ch).op(trace::Atomic{0, 0x5000, 4, store, relaxed, 0, 1}).as(1);
    if (reads) {
      s.op(trace::Atomic{0, 0x5000, 4, load, relaxed, 0, 2});
    }
    s.close(ch);
    return misuses(s).size();
  };
  EXPECT_EQ(with_flag(true), 0U);
  EXPECT_EQ(with_flag(false), 1U);
}

TEST(UnorderedMisuse, ASecondRoundBeforeAllHaveReturnedFromTheFirst) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).go(3).as(3).done(wg).as(2).at(20).wait(wg).as(1).wait(wg).at(10).add(wg, 1).done(wg);
  const auto findings = misuses(s);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].subkind, "waitgroup-reused");
  EXPECT_EQ(findings[0].certainty, Certainty::potential);
}

}  // namespace
}  // namespace gordian::analysis
