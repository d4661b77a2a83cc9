// SPDX-License-Identifier: Apache-2.0
// The tables family as data: one UnitTable per translation unit that was loaded, read from the trace with every index
// and offset checked, or filled by a test and written back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/trace/decode.h"
#include "runtime/trace/site_table.h"

namespace gordian::trace {

struct UnitTable {
  std::uint32_t function_base = 0;
  std::uint64_t module_base = 0;
  std::string module_path;
  std::vector<std::uint64_t> global_addresses;  // as many as globals
  std::vector<SiteLocation> locations;
  std::vector<SiteFunction> functions;
  std::vector<SiteAccess> sites;
  std::vector<SiteCall> calls;
  std::vector<SiteGlobal> globals;
  std::vector<SiteMember> members;
  std::vector<SiteGroup> groups;
  std::vector<SiteGroupMember> group_members;
  std::string pool = std::string(1, '\0');

  // The string at an offset of the pool; "" if the offset is out of range.
  [[nodiscard]] std::string_view text(std::uint32_t offset) const;
  // Appends a string to the pool and returns its offset; "" is 0.
  std::uint32_t add_text(std::string_view text);
};

// All records of the tables family, in order. A record cut off at the end of a truncated trace is left out; a malformed
// one is an Error with its offset.
Result<std::vector<UnitTable>> read_tables(const TraceFile& file);

// One record of the tables family.
std::vector<std::uint8_t> encode_table(const UnitTable& table);

}  // namespace gordian::trace
