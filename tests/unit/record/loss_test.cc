// SPDX-License-Identifier: Apache-2.0
// When there is no room: bounded waits, counted losses, and a trace that stays readable.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <thread>

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

// The drainer frees the first chunk as soon as somebody waits for it. If the system holds it up for a step of the wait
// it counts as stuck, and we get a new chunk.
bool waits_for(trace::ChunkHeader* first) {
  trace::RingHeader& header = *rt::record::g_ring.header();
  std::atomic<bool> has_taken = false;
  std::thread drainer([&] {
    while (header.producers_sleep == 0 && !has_taken) {
      std::this_thread::yield();
    }
    first->state = static_cast<std::uint32_t>(trace::ChunkState::free);
    ++header.freed;
  });
  trace::ChunkHeader* const next = rt::record::g_ring.take(trace::Family::tables, 0, 0);
  has_taken = true;
  drainer.join();
  rt::record::g_ring.seal(next);
  if (next == first) {
    return true;
  }
  rt::record::g_ring.seal(rt::record::g_ring.take(trace::Family::tables, 0, 0));  // the first, for another attempt
  return false;
}

TEST(Loss, AProducerWaitsForADrainerThatIsOnlySlower) {
  record_in_child(
      [] {
        trace::ChunkHeader* const first = rt::record::g_ring.take(trace::Family::tables, 0, 0);
        rt::record::g_ring.seal(first);
        for (std::uint32_t index = 1; index < rt::record::Ring::kBacklog; ++index) {
          rt::record::g_ring.seal(rt::record::g_ring.take(trace::Family::tables, 0, 0));
        }
        for (int attempt = 0; !waits_for(first); ++attempt) {
          if (attempt == 50) {
            _exit(1);
          }
        }
      },
      2 * rt::record::Ring::kBacklog);
}

TEST(Loss, ADrainerThatIsStuckLeavesTheWholeRing) {
  static const std::uint32_t kFunction = 3;
  constexpr int kAccesses = 700000;  // 86 chunks
  const Recorded seen = record_in_child(
      [] {
        rt::record::g_ring.header()->keeps_all = 1;
        start_main();
        enter(kFunction);
        for (int index = 0; index < kAccesses; ++index) {
          access(1, 1);
        }
        rt::record::publish();
      },
      2 * rt::record::Ring::kBacklog);
  ASSERT_EQ(seen.accesses.size(), 1u);
  EXPECT_EQ(seen.accesses.begin()->second.size(), kAccesses);
  EXPECT_EQ(seen.lost_access, 0u);
}

TEST(Loss, WithoutDiskSynchronisationHasTheWholeRing) {
  record_in_child(
      [] {
        rt::record::g_ring.header()->mode = trace::kModeDropAccesses;
        for (std::uint32_t index = 0; index < 2 * rt::record::Ring::kBacklog; ++index) {
          trace::ChunkHeader* const chunk = rt::record::g_ring.take(trace::Family::sync, 0, index);
          if (chunk == nullptr) {
            _exit(1);
          }
          rt::record::g_ring.seal(chunk);
        }
      },
      2 * rt::record::Ring::kBacklog);
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
