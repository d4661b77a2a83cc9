// SPDX-License-Identifier: Apache-2.0
// Against one bool for each unit.
#include "analyzer/model/page_bits.h"

#include <gtest/gtest.h>

#include <bitset>
#include <random>

namespace gordian::analysis {
namespace {

using Units = std::bitset<PageBits::kUnits>;
constexpr std::uint64_t kPage = Shadow::kPage;

Units units_of(const PageBits& bits) {
  Units units;
  bits.visit([&](std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t at = begin; at < end; at += PageBits::kUnit) {
      units.set(at / PageBits::kUnit);
    }
  });
  return units;
}

void add(Units& units, std::uint64_t begin, std::uint64_t end) {
  for (std::uint64_t at = begin; at < end; ++at) {
    units.set(at / PageBits::kUnit);
  }
}

class RandomExtents {
 public:
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  // Some bytes, often few.
  std::pair<std::uint64_t, std::uint64_t> extent() {
    const std::uint64_t begin = below(kPage);
    return {begin, begin + 1 + below(below(2) != 0 ? std::min<std::uint64_t>(16, kPage - begin) : kPage - begin)};
  }

 private:
  std::mt19937_64 engine_{7};
};

TEST(PageBits, Extents) {
  RandomExtents random;
  for (int i = 0; i < 20000; ++i) {
    PageBits one;
    PageBits other;
    Units one_units;
    Units other_units;
    for (std::uint64_t n = random.below(4); n > 0; --n) {
      const auto [begin, end] = random.extent();
      one.add(begin, end);
      add(one_units, begin, end);
    }
    const auto [begin, end] = random.extent();
    other = PageBits::of(begin, end);
    add(other_units, begin, end);
    ASSERT_EQ(units_of(one), one_units);
    ASSERT_EQ(one.any(), one_units.any());
    ASSERT_EQ(units_of(one & other), one_units & other_units);
    ASSERT_EQ(units_of(one - other), one_units & ~other_units);
    const std::uint64_t granule = random.below(kPage / Shadow::kGranule);
    ASSERT_EQ(one.halves_of(granule), (one_units[2 * granule] ? 1u : 0u) + (one_units[2 * granule + 1] ? 2u : 0u));
    ASSERT_EQ(one - one, PageBits());
    one |= other;
    ASSERT_EQ(units_of(one), one_units | other_units);
  }
  EXPECT_EQ(PageBits::all(), PageBits::of(0, kPage));
  EXPECT_EQ(PageBits::halves(3), PageBits::all());
  EXPECT_EQ(PageBits::halves(1).halves_of(99), 1u);
  EXPECT_EQ(PageBits::halves(2).halves_of(0), 2u);
}

TEST(PageBits, Elements) {
  RandomExtents random;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t size = std::uint64_t{1} << random.below(6);
    const std::uint64_t step = random.below(2) != 0 ? size << random.below(4) : size + random.below(100);
    const std::uint64_t begin = random.below(kPage - size);
    const std::uint64_t count = 1 + random.below((kPage - begin - size) / step + 1);
    PageBits bits;
    bits.add_elements(begin, size, count, step);
    Units units;
    for (std::uint64_t n = 0; n < count; ++n) {
      add(units, begin + n * step, begin + n * step + size);
    }
    ASSERT_EQ(units_of(bits), units) << begin << " " << size << " " << count << " " << step;
  }
}

}  // namespace
}  // namespace gordian::analysis
