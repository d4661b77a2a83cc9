// SPDX-License-Identifier: Apache-2.0
// Reading copies each array out of the payload after checking that it fits, then checks the indices between the arrays:
// who uses a UnitTable never has to.
#include "runtime/trace/tables.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/bits.h"

namespace gordian::trace {
namespace {

// The joined payloads of the tables chunks, consumed from the front.
class Bytes {
 public:
  explicit Bytes(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - position_; }

  template <class T>
  bool take(T& value) {
    if (sizeof value > left()) {
      return false;
    }
    std::memcpy(&value, bytes_.data() + position_, sizeof value);
    position_ += sizeof value;
    return true;
  }
  template <class T>
  bool take(std::vector<T>& values, std::uint64_t count) {
    if (count > left() / sizeof(T)) {
      return false;
    }
    values.resize(count);
    if (count > 0) {
      std::memcpy(values.data(), bytes_.data() + position_, count * sizeof(T));
    }
    position_ += count * sizeof(T);
    return true;
  }
  bool take(std::string& value, std::uint64_t count) {
    if (count > left()) {
      return false;
    }
    value.assign(reinterpret_cast<const char*>(bytes_.data()) + position_, count);
    position_ += count;
    return true;
  }
  void align() { position_ = std::min<std::size_t>(align_up(position_, 8), bytes_.size()); }

 private:
  const std::vector<std::uint8_t>& bytes_;
  std::size_t position_ = 0;
};

template <class T>
bool within(std::uint64_t first, std::uint64_t count, const std::vector<T>& values) {
  return first <= values.size() && count <= values.size() - first;
}

// The members of an array's element lie within the members that hold the array.
bool nested(std::span<const SiteMember> members) {
  std::vector<std::size_t> ends = {members.size()};
  for (std::size_t i = 0; i < members.size(); ++i) {
    while (i == ends.back() && ends.size() > 1) {
      ends.pop_back();
    }
    if (members[i].inner > ends.back() - i - 1) {
      return false;
    }
    if (members[i].inner != 0) {
      ends.push_back(i + 1 + members[i].inner);
    }
  }
  return true;
}

// The groups of the functions, and their members, follow each other: so none belongs to two, and looking at all of them
// takes no longer than reading them did.
bool grouped(const UnitTable& table) {
  std::size_t next_group = 0;
  std::size_t next_member = 0;
  for (const SiteFunction& function : table.functions) {
    if (function.group_count == 0) {
      continue;
    }
    if (function.first_group != next_group || !within(next_group, function.group_count, table.groups)) {
      return false;
    }
    for (; next_group < std::size_t{function.first_group} + function.group_count; ++next_group) {
      const SiteGroup& group = table.groups[next_group];
      if (group.first_member != next_member || group.member_count == 0 || group.member_count > kMostGroupMembers ||
          !within(next_member, group.member_count, table.group_members)) {
        return false;
      }
      const auto members = std::span(table.group_members).subspan(next_member, group.member_count);
      if (!std::all_of(members.begin(), members.end(),
                       [&](const SiteGroupMember& member) { return member.site < function.site_count; })) {
        return false;
      }
      next_member += group.member_count;
    }
  }
  return next_group == table.groups.size() && next_member == table.group_members.size();
}

bool consistent(const UnitTable& table) {
  const auto place = [&](std::uint32_t index) { return index < table.locations.size(); };
  if (table.pool.empty() || table.pool.front() != '\0' || table.pool.back() != '\0') {
    return false;
  }
  for (std::size_t i = 0; i < table.locations.size(); ++i) {
    if (table.locations[i].inlined_at > table.locations.size()) {
      return false;
    }
  }
  return std::all_of(table.functions.begin(), table.functions.end(),
                     [&](const SiteFunction& function) {
                       return place(function.location) &&
                              within(function.first_site, function.site_count, table.sites) &&
                              within(function.first_call, function.call_count, table.calls);
                     }) &&
         std::all_of(
             table.sites.begin(), table.sites.end(),
             [&](const SiteAccess& site) { return place(site.location) && site.kind <= AccessKind::atomic_write; }) &&
         std::all_of(table.calls.begin(), table.calls.end(),
                     [&](const SiteCall& call) { return place(call.location); }) &&
         std::all_of(table.globals.begin(), table.globals.end(),
                     [&](const SiteGlobal& global) {
                       return place(global.location) &&
                              within(global.first_member, global.member_count, table.members) &&
                              nested(std::span(table.members).subspan(global.first_member, global.member_count));
                     }) &&
         grouped(table);
}

bool read_table(Bytes& bytes, const TableRecord& record, UnitTable& table) {
  SiteTableHeader header;
  table.function_base = record.function_base;
  table.module_base = record.module_base;
  if (!bytes.take(table.module_path, record.path_bytes)) {
    return false;
  }
  bytes.align();
  if (!bytes.take(table.global_addresses, record.global_count)) {
    return false;
  }
  const std::size_t begin = bytes.position();
  if (record.table_bytes > bytes.left() || !bytes.take(header) || header.magic != kSiteTableMagic ||
      header.version != kSiteTableVersion || header.global_count != record.global_count) {
    return false;
  }
  const bool whole = bytes.take(table.locations, header.location_count) &&
                     bytes.take(table.functions, header.function_count) && bytes.take(table.sites, header.site_count) &&
                     bytes.take(table.calls, header.call_count) && bytes.take(table.globals, header.global_count) &&
                     bytes.take(table.members, header.member_count) && bytes.take(table.groups, header.group_count) &&
                     bytes.take(table.group_members, header.group_member_count) &&
                     bytes.take(table.pool, header.string_bytes);
  const bool right_size = whole && bytes.position() - begin <= record.table_bytes;
  bytes.align();
  return right_size && consistent(table);
}

std::uint64_t record_bytes(const TableRecord& record) {
  return align_up(record.path_bytes, 8) + std::uint64_t{record.global_count} * 8 + align_up(record.table_bytes, 8);
}

template <class T>
void append(std::vector<std::uint8_t>& out, const T* values, std::size_t count) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(values);
  out.insert(out.end(), bytes, bytes + count * sizeof(T));
}

void pad(std::vector<std::uint8_t>& out) { out.resize(align_up(out.size(), 8)); }

// The chunks of the tables in one piece, up to the first that is missing: what follows it begins in the middle of a
// record.
struct Joined {
  std::vector<std::uint8_t> bytes;
  bool is_whole = true;  // else the last record may have no end
};

Result<Joined> join_chunks(const TraceFile& file) {
  std::vector<const TraceFile::ChunkRef*> refs;
  for (const TraceFile::ChunkRef& ref : file.chunks()) {
    if (ref.header.family == Family::tables) {
      refs.push_back(&ref);
    }
  }
  std::sort(refs.begin(), refs.end(), [](const auto* a, const auto* b) {
    return std::pair(a->header.sequence, a->offset) < std::pair(b->header.sequence, b->offset);
  });
  Joined joined{.bytes = {}, .is_whole = !file.truncated() && !(file.end() && file.end()->lost_sync != 0)};
  for (std::size_t i = 0; i < refs.size(); ++i) {
    if (refs[i]->header.sequence != i) {
      joined.is_whole = false;
      break;
    }
    const Result<Chunk> chunk = file.read(*refs[i]);
    if (!chunk) {
      return chunk.error();
    }
    joined.bytes.insert(joined.bytes.end(), chunk->payload.begin(), chunk->payload.end());
  }
  return joined;
}

}  // namespace

std::string_view UnitTable::text(std::uint32_t offset) const {
  return offset < pool.size() ? std::string_view(pool.c_str() + offset) : std::string_view();
}

std::uint32_t UnitTable::add_text(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  const auto offset = static_cast<std::uint32_t>(pool.size());
  pool.append(text);
  pool.push_back('\0');
  return offset;
}

Result<std::vector<UnitTable>> read_tables(const TraceFile& file) {
  const Result<Joined> joined = join_chunks(file);
  if (!joined) {
    return joined.error();
  }
  std::vector<UnitTable> tables;
  Bytes bytes(joined->bytes);
  while (bytes.left() > 0) {
    const std::size_t offset = bytes.position();
    TableRecord record;
    const bool headed = bytes.take(record);
    if ((!headed || record_bytes(record) > bytes.left()) && !joined->is_whole) {
      break;
    }
    UnitTable table;
    if (!headed || record.magic != kSiteTableMagic || !read_table(bytes, record, table)) {
      return Error{ErrorKind::corrupt, file.path(),
                   "malformed site table at byte " + std::to_string(offset) + " of the tables",
                   "the instrumented program and this build may be of different versions"};
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<std::uint8_t> encode_table(const UnitTable& table) {
  const SiteTableHeader header{.location_count = static_cast<std::uint32_t>(table.locations.size()),
                               .function_count = static_cast<std::uint32_t>(table.functions.size()),
                               .site_count = static_cast<std::uint32_t>(table.sites.size()),
                               .call_count = static_cast<std::uint32_t>(table.calls.size()),
                               .global_count = static_cast<std::uint32_t>(table.globals.size()),
                               .member_count = static_cast<std::uint32_t>(table.members.size()),
                               .group_count = static_cast<std::uint32_t>(table.groups.size()),
                               .group_member_count = static_cast<std::uint32_t>(table.group_members.size()),
                               .string_bytes = static_cast<std::uint32_t>(table.pool.size())};
  std::vector<std::uint8_t> site_table;
  append(site_table, &header, 1);
  append(site_table, table.locations.data(), table.locations.size());
  append(site_table, table.functions.data(), table.functions.size());
  append(site_table, table.sites.data(), table.sites.size());
  append(site_table, table.calls.data(), table.calls.size());
  append(site_table, table.globals.data(), table.globals.size());
  append(site_table, table.members.data(), table.members.size());
  append(site_table, table.groups.data(), table.groups.size());
  append(site_table, table.group_members.data(), table.group_members.size());
  append(site_table, table.pool.data(), table.pool.size());

  const TableRecord record{.function_base = table.function_base,
                           .module_base = table.module_base,
                           .path_bytes = static_cast<std::uint32_t>(table.module_path.size()),
                           .global_count = static_cast<std::uint32_t>(table.globals.size()),
                           .table_bytes = site_table.size()};
  std::vector<std::uint8_t> out;
  append(out, &record, 1);
  append(out, table.module_path.data(), table.module_path.size());
  pad(out);
  append(out, table.global_addresses.data(), table.global_addresses.size());
  append(out, site_table.data(), site_table.size());
  pad(out);
  return out;
}

}  // namespace gordian::trace
