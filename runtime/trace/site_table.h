// SPDX-License-Identifier: Apache-2.0
// The site table of one translation unit: what the pass knows about every access and call that it instrumented. The
// pass emits it as one constant; the runtime copies it into the trace unread; the analyzer reads it. All numbers are
// little-endian uint32 unless said otherwise; a string is an offset into the NUL-terminated pool at the end, offset 0
// is "". Layout: header, then the arrays in the order of the header's counts, then the pool.
#pragma once

#include <cstdint>

namespace gordian::trace {

inline constexpr std::uint32_t kSiteTableMagic = 0x54495347;  // "GSIT"
inline constexpr std::uint32_t kSiteTableVersion = 2;

struct SiteTableHeader {
  std::uint32_t magic = kSiteTableMagic;
  std::uint32_t version = kSiteTableVersion;
  std::uint32_t location_count = 0;
  std::uint32_t function_count = 0;
  std::uint32_t site_count = 0;
  std::uint32_t call_count = 0;
  std::uint32_t global_count = 0;
  std::uint32_t member_count = 0;
  std::uint32_t group_count = 0;
  std::uint32_t group_member_count = 0;
  std::uint32_t string_bytes = 0;
};

// A source position with its inlining: inlined_at is 1 + the index of the call's location, 0 = not inlined.
struct SiteLocation {
  std::uint32_t function = 0;  // string: name for people, demangled, with namespaces, without parameters
  std::uint32_t file = 0;      // string: absolute path
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t inlined_at = 0;
};

struct SiteFunction {
  std::uint32_t linkage_name = 0;  // string
  std::uint32_t location = 0;      // index: where it is declared
  std::uint32_t first_site = 0;    // access sites are numbered from 0 within the function
  std::uint32_t site_count = 0;
  std::uint32_t first_call = 0;  // call sites are numbered from 1 within the function: 1 is first_call, 0 is "unknown"
  std::uint32_t call_count = 0;
  std::uint32_t first_group = 0;  // groups are numbered on from the function's last access site
  std::uint32_t group_count = 0;
};

enum class AccessKind : std::uint8_t { read = 0, write = 1, atomic_read = 2, atomic_write = 3 };
enum class NameKind : std::uint8_t { none = 0, global = 1, field = 2, local = 3, element = 4 };

struct SiteAccess {
  std::uint32_t location = 0;  // index
  std::uint32_t name = 0;      // string: `counter`, `Counter::value`, `buffer[]`
  std::uint32_t size = 0;      // bytes; 0 = a range whose length is in the record
  AccessKind kind = AccessKind::read;
  NameKind name_kind = NameKind::none;
  // Which site of the function is recorded in its place, relative to its own number; 0: it is recorded itself.
  std::int16_t covered_by = 0;
};

// covered_by of a site that doubles another one of its place: a program that records everything (-gordian-keep=marked)
// also records what it would have recorded otherwise, ranges and groups, and that is of such sites.
inline constexpr std::int16_t kDoublesASite = INT16_MIN;

// Accesses at fixed distances, with no synchronisation in between, that one record tells. The record names the group as
// if it were a site; its address, with the offset of each member added modulo 2^47, is what that member's site touches.
// The groups of all functions follow each other without gaps, and so do the members of all groups: one to
// kMostGroupMembers, each an access site of the group's function, never a group.
struct SiteGroup {
  std::uint32_t first_member = 0;  // index into the group members
  std::uint32_t member_count = 0;
};

struct SiteGroupMember {
  std::uint32_t site = 0;  // number within the function
  std::int32_t offset = 0;
};

inline constexpr std::uint32_t kMostGroupMembers = 64;

struct SiteCall {
  std::uint32_t location = 0;  // index
  std::uint32_t callee = 0;    // string: name for people, "" if indirect
  std::uint32_t object = 0;    // string: name of the object that the call is made on (first pointer argument), or ""
};

// A global variable; its run-time address stands in the translation unit's descriptor (abi/hooks.h), same order.
struct SiteGlobal {
  std::uint32_t name = 0;      // string, with namespaces
  std::uint32_t location = 0;  // index: the declaration
  std::uint32_t size = 0;
  std::uint32_t element_size = 0;  // of an array's or std::array's element, else 0
  std::uint32_t first_member = 0;
  std::uint32_t member_count = 0;
};

// A field inside a global of class type, nested ones flattened: name is `bob.mu`. If the global is an array (its
// element_size is not 0) the members are those of its element type: the offset counts from the start of an element, and
// name is `.mu`, to be appended to `forks[2]`. A member that is an array is such a global in small: the `inner` members
// after it are those of its element, named and counted from there.
struct SiteMember {
  std::uint32_t name = 0;  // string
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t element_size = 0;
  std::uint32_t inner = 0;
};

static_assert(sizeof(SiteTableHeader) == 44 && sizeof(SiteLocation) == 20 && sizeof(SiteFunction) == 32);
static_assert(sizeof(SiteAccess) == 16 && sizeof(SiteCall) == 12 && sizeof(SiteGlobal) == 24 &&
              sizeof(SiteMember) == 20 && sizeof(SiteGroup) == 8 && sizeof(SiteGroupMember) == 8);

// One record of the tables family: this header, module path, globals' addresses (uint64 each), site table; each part is
// padded to 8 bytes. The payloads of all tables chunks, in sequence order, form one stream of such records.
struct TableRecord {
  std::uint32_t magic = kSiteTableMagic;
  std::uint32_t function_base =
      0;                          // function id of the table's function 0; 0: a module that was loaded, an empty table
  std::uint64_t module_base = 0;  // load address of the ELF object
  std::uint32_t path_bytes = 0;
  std::uint32_t global_count = 0;
  std::uint64_t table_bytes = 0;
};
static_assert(sizeof(TableRecord) == 32);

}  // namespace gordian::trace
