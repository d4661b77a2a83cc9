// SPDX-License-Identifier: Apache-2.0
// The list of the last run's traces: written whole, absolute, replaced by the next run, absent before the first.
#include "analyzer/cli/last_run.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "tests/support/scratch_folder.h"

namespace gordian::cli {
namespace {

class LastRun : public testing::Test {
 protected:
  void SetUp() override { setenv("XDG_STATE_HOME", folder_.path().c_str(), 1); }

 private:
  test::ScratchFolder folder_;  // of this test alone: others run at the same time
};

TEST_F(LastRun, IsAbsentBeforeTheFirst) { EXPECT_FALSE(last_run()); }

TEST_F(LastRun, IsReplacedByTheNext) {
  remember_last_run({"/a/one.gtrace", "/a/two.gtrace"});
  remember_last_run({"/b/three.gtrace"});
  const auto traces = last_run();
  ASSERT_TRUE(traces);
  EXPECT_EQ(*traces, std::vector<std::string>{"/b/three.gtrace"});
}

TEST_F(LastRun, IsRememberedWithAbsolutePaths) {
  remember_last_run({"four.gtrace"});
  const auto traces = last_run();
  ASSERT_TRUE(traces);
  EXPECT_EQ(traces->front(), std::filesystem::absolute("four.gtrace"));
}

TEST_F(LastRun, OfAnUninstrumentedProgramLeavesNothingToReport) {
  remember_last_run({"/a/one.gtrace"});
  remember_last_run({});
  EXPECT_FALSE(last_run());
}

}  // namespace
}  // namespace gordian::cli
