// SPDX-License-Identifier: Apache-2.0
// Translation units: function ids, and their site tables on the way into the trace.
#include <gtest/gtest.h>

#include <cstring>

#include "runtime/trace/site_table.h"
#include "tests/unit/record/recorded.h"

namespace gordian::test {
namespace {

TEST(UnitLoad, FunctionsGetIdsAndTheTableIsCopiedWhole) {
  static std::uint32_t ids[3];
  static std::vector<std::uint8_t> table(200001, 0x5a);  // more than three chunks, and no multiple of eight
  static const gordian_rt_global globals[1] = {{&ids}};
  const Recorded seen = record_in_child([] {
    static gordian_rt_unit unit{GORDIAN_RT_ABI_VERSION, 3, ids, table.data(), table.size(), globals, 1};
    gordian_rt_unit_load(&unit);
    if (ids[0] == 0 || ids[1] != ids[0] + 1 || ids[2] != ids[0] + 2) {
      _exit(1);
    }
  });
  trace::TableRecord record;
  ASSERT_GE(seen.tables.size(), sizeof(record));
  std::memcpy(&record, seen.tables.data(), sizeof(record));
  EXPECT_EQ(record.magic, trace::kSiteTableMagic);
  EXPECT_EQ(record.table_bytes, table.size());
  EXPECT_EQ(record.global_count, 1u);
  EXPECT_GT(record.path_bytes, 0u);
  const std::size_t globals_at = (sizeof(record) + record.path_bytes + 7) / 8 * 8;
  std::uint64_t address = 0;
  std::memcpy(&address, seen.tables.data() + globals_at, sizeof(address));
  EXPECT_EQ(address, reinterpret_cast<std::uintptr_t>(&ids));
  EXPECT_EQ(seen.tables.size(), (globals_at + 8 + table.size() + 7) / 8 * 8);
  EXPECT_TRUE(
      std::equal(table.begin(), table.end(), seen.tables.begin() + static_cast<std::ptrdiff_t>(globals_at) + 8));
}

TEST(UnitLoad, AnotherAbiIsLeftAlone) {
  std::uint32_t ids[1] = {0};
  gordian_rt_unit unit{GORDIAN_RT_ABI_VERSION + 1, 1, ids, nullptr, 0, nullptr, 0};
  gordian_rt_unit_load(&unit);
  EXPECT_EQ(ids[0], 0u);
}

}  // namespace
}  // namespace gordian::test
