// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/bounded_accesses.h"

#include "tests/fuzz/story.h"

namespace gordian::test {

// Ranges that no memory holds, each elsewhere.
Bytes ranges_without_end() {
  Story story;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    story.stream.range(Story::kRange, kMemory + (i << 32), (std::uint64_t{1} << 32) - 1);
  }
  return story.bytes();
}

Bytes strides_without_end() {
  Story story;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    story.stream.strided(Story::kWrite, kMemory + i, std::uint64_t{1} << 28, 16);
  }
  return story.bytes();
}

Bytes rows_without_end() {
  Story story;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    story.stream.matrix(Story::kWrite, kMemory + i, 64, 2000, std::uint64_t{1} << 31, 1);
    story.stream.matrix(Story::kWrite, kMemory + i, 1, 0, std::uint64_t{1} << 32, 0);
    story.stream.matrix(Story::kWrite, kMemory + i, std::uint64_t{1} << 20, 8, 500, 4096);
  }
  return story.bytes();
}

// Sixty-four ranges, or one of four KiB, for each eight bytes; as many accesses in as many pages.
Bytes bits_without_end() {
  Story story;
  const std::vector<std::uint64_t> apart(100, 0x5555'5555'5555'5555);
  const std::vector<std::uint64_t> joined(100, ~std::uint64_t{0});
  for (std::uint64_t i = 0; i < 300; ++i) {
    story.stream.bitmap(Story::kRange | trace::kBitmapOfRanges, kMemory + i, trace::kMostRangeShift, apart);
    story.stream.bitmap(Story::kRange | trace::kBitmapOfRanges, kMemory + i, trace::kMostRangeShift, joined);
    story.stream.bitmap(Story::kWrite, kMemory + i * 100 * (64 << trace::kMostBitmapShift), trace::kMostBitmapShift,
                        joined);
  }
  return story.bytes();
}

// The first one is of very many pages, and must not pay for the ranges.
Bytes rows_and_ranges() {
  Story story;
  story.stream.matrix(Story::kWrite, kMemory, 8000, 24, 1 << 16, 1 << 20);
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    story.stream.range(Story::kRange, kMemory, (std::uint64_t{1} << 32) - 1);
  }
  return story.bytes();
}

// Many in each page, at distances that nothing makes simple.
Bytes odd_elements() {
  Story story;
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    story.stream.access(Story::kWrite, kMemory + i * 8);
  }
  for (const std::int64_t stride : {2, 3, 12}) {
    story.stream.matrix(Story::kByte, kMemory, 32'000 / static_cast<std::uint64_t>(stride), stride, 1 << 20, 4096);
  }
  return story.bytes();
}

// Plain accesses of four gigabytes each.
Bytes wide_sites() {
  Story story;
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    story.stream.access(Story::kWide, kMemory + i * 8);
  }
  return story.bytes();
}

// Each word stands for as many accesses as one can.
Bytes groups_without_end() {
  Story story;
  const std::uint64_t group = story.group();
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    story.stream.access(group, kMemory + i * 8);
  }
  return story.bytes();
}

// Each word stands for as many ranges that no memory holds.
Bytes groups_of_strides_without_end() {
  Story story;
  const std::uint64_t group = story.group();
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    story.stream.strided(group, kMemory + i, std::uint64_t{1} << 28, 16);
  }
  return story.bytes();
}

}  // namespace gordian::test
