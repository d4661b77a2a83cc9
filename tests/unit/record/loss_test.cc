// SPDX-License-Identifier: Apache-2.0
// When there is no room: bounded waits, counted losses, and a trace that stays readable.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "runtime/record/ring.h"
#include "tests/unit/record/program.h"
#include "tests/unit/record/recorded.h"

namespace gordian::test {
namespace {

using rt::record::emit;

pid_t dead_process() {
  const pid_t child = fork();
  if (child == 0) {
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  return child;
}

TEST(Loss, ADeadDrainerIsNoticedAndNobodyWaits) {
  static const std::uint32_t kFunction = 3;
  const Recorded seen = record_in_child(
      [] {
        rt::record::g_ring.set_drainer(dead_process());
        start_main();
        enter(kFunction);
        for (int index = 0; index < 1000000; ++index) {
          emit(trace::Fence{.order = 1});
          access(1, 1);
        }
        if (rt::record::g_ring.header()->mode != trace::kModeDropAll) {
          _exit(1);
        }
      },
      4);
  EXPECT_GT(seen.lost_sync, 900000u);
  EXPECT_GT(seen.lost_access, 900000u);
  EXPECT_EQ(seen.of(trace::EventKind::Fence).size() + seen.lost_sync, 1000000u);
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
}

TEST(Loss, TheNextChunkSaysHowManyEventsAreMissing) {
  const Recorded seen = record_in_child(
      [] {
        start_main();
        auto& mode = rt::record::g_ring.header()->mode;
        std::uint64_t count = 0;
        mode = trace::kModeDropAll;  // from the end of this chunk on
        while (rt::record::g_ring.header()->lost_sync < 10) {
          emit(trace::Fence{.order = count++});
        }
        mode = trace::kModeNormal;
        emit(trace::Fence{.order = count});
      },
      4);
  const std::vector<Seen> losses = seen.of(trace::EventKind::Loss);
  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(losses[0].field.at("count"), 10u);
  EXPECT_EQ(losses[0].field.at("family"), static_cast<std::uint64_t>(trace::Family::sync));
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
}

TEST(Loss, WithoutDiskOnlyAccessesAreDropped) {
  static const std::uint32_t kFunction = 3;
  const Recorded seen = record_in_child([] {
    start_main();
    rt::record::g_ring.header()->mode = trace::kModeDropAccesses;
    enter(kFunction);
    for (int index = 0; index < 1000; ++index) {
      access(1, 1);
      emit(trace::Fence{.order = 1});
    }
    rt::record::publish();
  });
  EXPECT_EQ(seen.of(trace::EventKind::Fence).size(), 1000u);
  EXPECT_TRUE(seen.accesses.empty());
  EXPECT_EQ(seen.lost_access, 1000u);
}

TEST(Loss, AnEventThatFitsNoChunkIsLostAlone) {
  static const std::vector<std::uint64_t> kObjects(10000, ~std::uint64_t{0});
  const Recorded seen = record_in_child([] {
    start_main();
    emit(trace::Fence{.order = 1});
    emit(trace::Block{.objects = kObjects});
    emit(trace::Fence{.order = 2});
  });
  EXPECT_EQ(seen.of(trace::EventKind::Fence).size(), 2u);
  EXPECT_EQ(seen.lost_sync, 1u);
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
}

}  // namespace
}  // namespace gordian::test
