// SPDX-License-Identifier: Apache-2.0
// Groups in a site table: those that the pass writes are read, all others are refused, and reading them takes no longer
// than the table is long.
#include "runtime/trace/tables.h"

#include <gtest/gtest.h>

#include "runtime/trace/builder.h"

namespace gordian::trace {
namespace {

// Two functions, of two sites and a group each.
UnitTable good() {
  UnitBuilder unit;
  for (const char* name : {"f", "g"}) {
    unit.function(name, "f.cc", 1);
    unit.access(2, "x", AccessKind::write, 8);
    unit.access(3, "y", AccessKind::read, 8);
    unit.group({{0, 0}, {1, -8}});
  }
  return unit.table();
}

bool is_read(const UnitTable& table) {
  TraceBuilder trace;
  trace.add_table(table);
  const auto file = TraceFile::from_bytes(trace.bytes(), "tables");
  EXPECT_TRUE(file);
  const auto tables = read_tables(*file);
  EXPECT_TRUE(tables || tables.error().kind == ErrorKind::corrupt);
  return static_cast<bool>(tables);
}

TEST(Tables, GroupsComeBack) {
  TraceBuilder trace;
  trace.add_table(good());
  const auto tables = read_tables(*TraceFile::from_bytes(trace.bytes(), "tables"));
  ASSERT_TRUE(tables);
  const UnitTable& table = tables->back();
  ASSERT_EQ(table.groups.size(), 2u);
  EXPECT_EQ(table.functions[1].first_group, 1u);
  EXPECT_EQ(table.groups[1].first_member, 2u);
  EXPECT_EQ(table.group_members[3].site, 1u);
  EXPECT_EQ(table.group_members[3].offset, -8);
}

TEST(Tables, GroupsThatNobodyWroteAreRefused) {
  using Damage = void (*)(UnitTable&);
  const std::pair<const char*, Damage> damages[] = {
      {"a member that is no site", [](UnitTable& table) { table.group_members[1].site = 0xffffffff; }},
      {"a member that is a group", [](UnitTable& table) { table.group_members[1].site = 2; }},
      {"a group of none", [](UnitTable& table) { table.groups[0].member_count = 0; }},
      {"a group of too many", [](UnitTable& table) { table.groups[1].member_count = 0xffffffff; }},
      {"a group of more than there are", [](UnitTable& table) { table.groups[1].member_count = 3; }},
      {"members that belong to two groups", [](UnitTable& table) { table.groups[1].first_member = 0; }},
      {"members that are elsewhere", [](UnitTable& table) { table.groups[0].first_member = 0xfffffffe; }},
      {"groups that belong to two functions", [](UnitTable& table) { table.functions[1].first_group = 0; }},
      {"groups that are elsewhere", [](UnitTable& table) { table.functions[0].first_group = 0xffffffff; }},
      {"more groups than there are", [](UnitTable& table) { table.functions[1].group_count = 0xffffffff; }},
      {"groups of no function", [](UnitTable& table) { table.functions[1].group_count = 0; }},
      {"members of no group", [](UnitTable& table) { table.group_members.push_back({0, 0}); }},
  };
  ASSERT_TRUE(is_read(good()));
  for (const auto& [what, damage] : damages) {
    UnitTable table = good();
    damage(table);
    EXPECT_FALSE(is_read(table)) << what;
  }
}

TEST(Tables, AKindOfAccessThatThereIsNotIsRefused) {
  for (const std::uint8_t kind : {0, 3, 4, 255}) {
    UnitTable table = good();
    table.sites[1].kind = static_cast<AccessKind>(kind);
    EXPECT_EQ(is_read(table), kind <= 3);
  }
}

TEST(Tables, AGroupHasAtMostSoManyMembers) {
  for (const std::uint32_t count : {kMostGroupMembers, kMostGroupMembers + 1}) {
    UnitTable table = good();
    table.groups[1].member_count = count;
    table.group_members.resize(2 + count, {1, 8});
    EXPECT_EQ(is_read(table), count == kMostGroupMembers);
  }
}

}  // namespace
}  // namespace gordian::trace
