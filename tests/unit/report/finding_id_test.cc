// SPDX-License-Identifier: Apache-2.0
// Ids are stable, distinct, and cost no more for many equal findings than for few.
#include "analyzer/finding/finding_id.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/unit/drawing/sample_findings.h"

namespace gordian::analysis {
namespace {

std::vector<Finding> named(std::size_t count) {
  std::vector<Finding> findings(count, samples::race());
  sort_and_name(findings);
  return findings;
}

TEST(FindingId, EqualFindingsHaveTheirOwn) {
  const std::vector<Finding> three = named(3);
  EXPECT_EQ(three[0].id, finding_id(three[0]));
  EXPECT_EQ(three[0].id, named(1)[0].id);
  std::set<std::string> ids;
  for (const Finding& finding : three) ids.insert(finding.id);
  EXPECT_EQ(ids.size(), 3u);
}

TEST(FindingId, AnotherFindingAmongThemChangesNoId) {
  std::vector<Finding> findings(2, samples::race());
  findings.push_back(samples::race_with_parent());
  sort_and_name(findings);
  std::set<std::string> ids;
  for (const Finding& finding : findings) ids.insert(finding.id);
  for (const Finding& finding : named(2)) EXPECT_TRUE(ids.contains(finding.id));
}

// Which of two workers took which lock first is chance, and so is the lock that stands for both.
TEST(FindingId, WhoComesFirstChangesNoId) {
  const auto wants = [](const std::string& name) {
    ActorRef actor;
    actor.stack.emplace_back().function = "worker";
    actor.objects.emplace_back().name = name;
    return actor;
  };
  const auto inversion = [&](const std::string& first, const std::string& second) {
    Finding finding;
    finding.kind = FindingKind::LockOrderInversion;
    finding.actors = {wants(first), wants(second)};
    finding.object = finding.actors.front().objects.front();
    return finding_id(finding);
  };
  EXPECT_EQ(inversion("a", "b"), inversion("b", "a"));
  EXPECT_NE(inversion("a", "b"), inversion("a", "c"));
  EXPECT_EQ(inversion("locks[3]", "locks[5]"), inversion("locks[7]", "locks[3]"));
}

// A damaged trace can hold as many as it has bytes. The number of tries was once the square of this.
TEST(FindingId, ManyEqualOnesAreNamedInOneGo) {
  std::set<std::string> ids;
  for (const Finding& finding : named(20'000)) ids.insert(finding.id);
  EXPECT_EQ(ids.size(), 20'000u);
}

}  // namespace
}  // namespace gordian::analysis
