// SPDX-License-Identifier: Apache-2.0
// The ratio comes from the chunk that is farthest from the start; chunks without times say nothing.
#include "analyzer/detect/time_base.h"

#include <gtest/gtest.h>

#include "runtime/trace/builder.h"

namespace gordian::analysis {
namespace {

trace::FileChunk chunk_at(std::uint64_t sequence, std::uint64_t cycles, std::uint64_t monotonic_ns) {
  trace::FileChunk chunk;
  chunk.family = trace::Family::sync;
  chunk.stream = 1;
  chunk.sequence = sequence;
  chunk.cycles = cycles;
  chunk.monotonic_ns = monotonic_ns;
  return chunk;
}

TEST(TimeBase, UsesTheLongestDistance) {
  trace::TraceBuilder trace;
  trace.header().start_cycles = 1000;
  trace.header().start_monotonic_ns = 5000;
  trace.add_chunk(chunk_at(0, 1001, 5900), {});
  trace.add_chunk(chunk_at(1, 3'001'000, 1'005'000), {});
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(trace.bytes(), "test");
  ASSERT_TRUE(file.has_value());
  const TimeBase base = time_base(*file);
  EXPECT_NEAR(base.ns_per_cycle, 1.0 / 3, 1e-9);
  EXPECT_EQ(base.end_cycles, 3'001'000U);
  EXPECT_NEAR(static_cast<double>(base.ns_between(1000, 4000)), 1000, 1);
  EXPECT_EQ(base.ns_between(4000, 1000), 0U);
}

TEST(TimeBase, IsUnknownWithoutTimes) {
  trace::TraceBuilder trace;
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(trace.bytes(), "test");
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(time_base(*file).ns_between(1, 100), 0U);
}

TEST(TimeBase, SaysNoMoreThanFits) {
  const TimeBase damaged{.ns_per_cycle = 1e9};
  EXPECT_EQ(damaged.ns_between(0, ~std::uint64_t{0}), ~std::uint64_t{0});
}

}  // namespace
}  // namespace gordian::analysis
