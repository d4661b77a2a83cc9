// SPDX-License-Identifier: Apache-2.0
// Suggestions: the distances of the textbook, near words found, far ones left alone.
#include "analyzer/cli/suggest.h"

#include <gtest/gtest.h>

namespace gordian::cli {
namespace {

TEST(EditDistance, CountsInsertionsRemovalsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("run", "run"), 0U);
  EXPECT_EQ(edit_distance("", "run"), 3U);
  EXPECT_EQ(edit_distance("run", ""), 3U);
  EXPECT_EQ(edit_distance("rn", "run"), 1U);
  EXPECT_EQ(edit_distance("ruun", "run"), 1U);
  EXPECT_EQ(edit_distance("rum", "run"), 1U);
  EXPECT_EQ(edit_distance("rnu", "run"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(EditDistance, IsSymmetric) {
  for (const char* a : {"run", "report", "record"}) {
    for (const char* b : {"graph", "explain", "recrod"}) {
      EXPECT_EQ(edit_distance(a, b), edit_distance(b, a));
    }
  }
}

TEST(Suggest, FindsTheNearestWord) {
  const std::vector<std::string> known{"run", "record", "report", "analyze"};
  EXPECT_EQ(suggest("recrod", known), "record");
  EXPECT_EQ(suggest("reprot", known), "report");
  EXPECT_EQ(suggest("analyse", known), "analyze");
  EXPECT_EQ(suggest("ruin", known), "run");
}

TEST(Suggest, LeavesFarWordsAlone) {
  EXPECT_EQ(suggest("x", {"run", "record"}), std::nullopt);
  EXPECT_EQ(suggest("lint", {"run", "record"}), std::nullopt);
  EXPECT_EQ(suggest("run", {}), std::nullopt);
}

}  // namespace
}  // namespace gordian::cli
