// SPDX-License-Identifier: Apache-2.0
// Who owes a WaitGroup its Done, by the habit add-then-go and its variations.
#include "analyzer/detect/wait_group_debts.h"

#include <gmock/gmock.h>

#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Debts : public Observer {
 public:
  void step(const Step& step) override { debts.step(step); }
  WaitGroupDebts debts;
};

std::vector<std::uint64_t> debtors(Script& s, Obj wg) {
  Debts observer;
  s.replay({&observer});
  std::vector<ActorId> everybody;
  for (const auto& [id, actor] : s.world().actors()) {
    everybody.push_back(id);
  }
  std::vector<std::uint64_t> ids;
  for (const ActorId id : observer.debts.debtors(s.world(), ObjectId(wg), everybody)) {
    ids.push_back(id.value);
  }
  return ids;
}

TEST(WaitGroupDebts, OneUnitGoesToEachChild) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 2).go(2).go(3).go(4);
  EXPECT_THAT(debtors(s, wg), ElementsAre(2, 3)) << "g4 came after the credit was used up";
}

TEST(WaitGroupDebts, DonePays) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).add(wg, 1).go(3).as(2).done(wg);
  EXPECT_THAT(debtors(s, wg), ElementsAre(3));
}

TEST(WaitGroupDebts, AnAddOfOnesOwnIsADebt) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.go(2).as(2).add(wg, 1);
  EXPECT_THAT(debtors(s, wg), ElementsAre(2));
}

TEST(WaitGroupDebts, ADebtorDoesNotHandItsDebtOnWhileItLives) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).as(2).go(3);
  EXPECT_THAT(debtors(s, wg), ElementsAre(2));
}

TEST(WaitGroupDebts, ADebtorThatEndsLeavesItsDebtToItsChildren) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).as(2).go(3).end();
  EXPECT_THAT(debtors(s, wg), testing::Contains(3));
}

// As a damaged trace may say.
TEST(WaitGroupDebts, ActorsThatCreatedEachOtherOweNothing) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).go(2).as(2).done(wg).go(3).as(3).op(trace::Go{0, 2, 1}).end().as(2).end();
  EXPECT_THAT(debtors(s, wg), IsEmpty());
}

TEST(WaitGroupDebts, NobodyOwesWhatIsPaid) {
  Script s;
  const Obj wg = s.wait_group("wg");
  s.add(wg, 1).done(wg).go(2);
  EXPECT_THAT(debtors(s, wg), IsEmpty());
}

}  // namespace
}  // namespace gordian::analysis
