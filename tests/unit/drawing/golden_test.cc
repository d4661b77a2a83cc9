// SPDX-License-Identifier: Apache-2.0
// The DOT text before layout, compared with files beside this test: structure, classes and words, no coordinates, so no
// font matters. GORDIAN_UPDATE_GOLDEN=1 rewrites the files.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "analyzer/drawing/draw.h"
#include "tests/unit/drawing/sample_findings.h"

namespace gordian::analysis {
namespace {

std::string dot_of(const Finding& finding) {
  drawing::DrawOptions options;
  options.format = drawing::Format::dot;
  const auto drawing = drawing::draw(finding, options);
  return drawing ? drawing->bytes : drawing.error().what;
}

void expect_golden(const Finding& finding, const std::string& name) {
  const std::string file = std::string(GORDIAN_TEST_FOLDER) + "/golden/" + name + ".dot";
  const std::string dot = dot_of(finding);
  if (std::getenv("GORDIAN_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file) << dot;
    return;
  }
  std::stringstream expected;
  expected << std::ifstream(file).rdbuf();
  EXPECT_EQ(dot, expected.str()) << file;
}

TEST(Golden, AbBaIsAFoldedRing) { expect_golden(samples::ab_ba(), "ab_ba"); }
TEST(Golden, MixedLockAndChannel) { expect_golden(samples::mixed(), "mixed"); }
TEST(Golden, AllAsleepEndsAtNobody) { expect_golden(samples::all_asleep(), "all_asleep"); }
TEST(Golden, SelectBranches) { expect_golden(samples::stuck_select(), "select"); }
TEST(Golden, LockOrder) { expect_golden(samples::lock_order_of_3(), "lock_order"); }
TEST(Golden, RaceWithHistory) { expect_golden(samples::race_with_history(), "race_with_history"); }
TEST(Golden, Race) { expect_golden(samples::race_with_parent(), "race"); }

}  // namespace
}  // namespace gordian::analysis
