// SPDX-License-Identifier: Apache-2.0
// Equal stacks have equal ids, however they came about.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <tuple>

#include "analyzer/model/place.h"

namespace gordian::analysis {
namespace {

TEST(StackTable, InternsAsANaiveMapDoes) {
  StackTable table;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, StackId> naive;
  std::vector<StackId> known = {StackId()};
  std::mt19937 random(1);
  for (int i = 0; i < 20000; ++i) {
    const StackId parent = known[random() % known.size()];
    const std::uint32_t call_site = random() % 3;
    const FunctionId function(1 + random() % 5);
    const StackId id = table.push(parent, call_site, function);
    const auto [entry, is_new] = naive.try_emplace({parent.value, call_site, function.value}, id);
    ASSERT_EQ(entry->second, id);
    ASSERT_EQ(table.pop(id), parent);
    if (is_new) {
      known.push_back(id);
    }
  }
  EXPECT_EQ(table.size(), known.size());
}

}  // namespace
}  // namespace gordian::analysis
