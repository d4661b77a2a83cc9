// SPDX-License-Identifier: Apache-2.0
// Against std::map, with keys that crowd: few of them, so that rows run into each other and round the end.
#include "analyzer/model/flat_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace gordian::analysis {
namespace {

TEST(FlatMap, HoldsWhatAMapHolds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    const std::uint64_t keys = 4 + random() % 60;
    FlatMap<std::uint64_t, std::uint64_t> map;
    StableMap<std::uint64_t, std::uint64_t> stable;
    std::map<std::uint64_t, std::uint64_t> naive;
    for (int i = 0; i < 2000; ++i) {
      const std::uint64_t key = random() % keys;
      if (random() % 2 == 0) {
        map[key] = stable[key] = naive[key] = random();
      } else {
        map.erase(key);
        stable.erase(key);
        naive.erase(key);
      }
      ASSERT_EQ(map.size(), naive.size());
      std::map<std::uint64_t, std::uint64_t> all;
      map.for_each([&](std::uint64_t each, std::uint64_t value) { all[each] = value; });
      ASSERT_EQ(all, naive) << "seed " << seed;
      for (std::uint64_t each = 0; each < keys; ++each) {
        const auto expected = naive.find(each);
        const std::uint64_t* const found = map.find(each);
        const std::uint64_t* const found_stable = stable.find(each);
        ASSERT_EQ(found != nullptr, expected != naive.end()) << "seed " << seed;
        ASSERT_EQ(found_stable != nullptr, expected != naive.end()) << "seed " << seed;
        if (found != nullptr) {
          ASSERT_EQ(*found, expected->second);
          ASSERT_EQ(*found_stable, expected->second);
        }
      }
    }
  }
}

}  // namespace
}  // namespace gordian::analysis
