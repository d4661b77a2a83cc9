// SPDX-License-Identifier: Apache-2.0
// A stand-in for libgordian_rt.so: implements the hooks of one thread and prints, at exit, every word that instrumented
// code appended. Tests of the pass run against it, so that they need nothing of the real runtime.
#include <cstdio>
#include <span>

#include "runtime/abi/hooks.h"
#include "runtime/trace/access_word.h"
#include "runtime/trace/site_table.h"

namespace {

using namespace gordian::trace;

constexpr std::size_t kChunkWords = 1024;
constexpr std::size_t kFrames = 4096;

std::uint64_t chunk[kChunkWords];
gordian_rt_frame frames[kFrames];
// Frames change only at entries, exits and landing pads, which all set limit = 0 and so send the next append to the
// slow path: the words between two slow paths are those of one frame.
const std::uint32_t* function = nullptr;
std::ptrdiff_t depth = 0;

struct Table {
  const gordian_rt_unit* unit;
  const SiteTableHeader* header() const { return reinterpret_cast<const SiteTableHeader*>(unit->site_table); }
  const SiteFunction* functions() const {
    return reinterpret_cast<const SiteFunction*>(reinterpret_cast<const SiteLocation*>(header() + 1) +
                                                 header()->location_count);
  }
  const SiteAccess* sites() const {
    return reinterpret_cast<const SiteAccess*>(functions() + header()->function_count);
  }
  const SiteLocation* locations() const { return reinterpret_cast<const SiteLocation*>(header() + 1); }
  const char* string(std::uint32_t offset) const {
    return reinterpret_cast<const char*>(unit->site_table + unit->site_table_bytes - header()->string_bytes + offset);
  }
  const SiteGroupMember* group_members() const {
    return reinterpret_cast<const SiteGroupMember*>(string(0)) - header()->group_member_count;
  }
  const SiteGroup* groups() const {
    return reinterpret_cast<const SiteGroup*>(group_members()) - header()->group_count;
  }
};

// Plain arrays: units come and go outside the lifetime of any static object.
Table tables[16];
std::size_t table_count = 0;

__attribute__((constructor)) void first_frame() { gordian_rt_thread.frame_top = frames; }

void look_at_frame() {
  function = (gordian_rt_thread.frame_top - 1)->function;
  depth = gordian_rt_thread.frame_top - frames;
}

void print_site(const char* what, std::uint32_t site, std::uint64_t bytes) {
  for (const Table& table : std::span(tables, table_count)) {
    const auto index = static_cast<std::size_t>(function - table.unit->function_ids);
    if (index >= table.unit->function_count) {
      continue;
    }
    const SiteFunction& entry = table.functions()[index];
    if (site >= entry.site_count) {
      const SiteGroup& group = table.groups()[entry.first_group + site - entry.site_count];
      for (std::uint32_t i = 0; i < group.member_count; ++i) {
        print_site(what, table.group_members()[group.first_member + i].site, bytes);
      }
      continue;
    }
    const SiteAccess& access = table.sites()[entry.first_site + site];
    const SiteLocation& location = table.locations()[access.location];
    std::printf("%s %s size %llu line %u in %s depth %td name '%s'\n", what,
                static_cast<unsigned>(access.kind) % 2 != 0 ? "write" : "read",
                static_cast<unsigned long long>(bytes != 0 ? bytes : access.size), location.line,
                table.string(location.function), depth, table.string(access.name));
  }
}

void print_words() {
  const std::uint64_t* end = gordian_rt_thread.access_cursor;
  for (const std::uint64_t* word = chunk; end != nullptr && word < end; ++word) {
    print_site("access", static_cast<std::uint32_t>(*word >> kAddressBits), 0);
  }
  gordian_rt_thread.access_cursor = chunk;
}

__attribute__((destructor)) void last_words() {
  print_words();
  std::fflush(stdout);
}

}  // namespace

extern "C" {

__thread gordian_rt_thread_block gordian_rt_thread;

void gordian_rt_unit_load(gordian_rt_unit* unit) noexcept { tables[table_count++] = {unit}; }
void gordian_rt_unit_unload(gordian_rt_unit*) noexcept { print_words(); }

// Under another name in C++: the header declares the hook without its calling convention.
__attribute__((preserve_most)) std::uint64_t* access_slow(std::uint64_t) noexcept __asm__("gordian_rt_access_slow");
std::uint64_t* access_slow(std::uint64_t) noexcept {
  print_words();
  look_at_frame();
  gordian_rt_thread.access_limit = chunk + kChunkWords;
  return chunk;
}

void gordian_rt_range(const void*, std::uint64_t bytes, std::uint32_t site) noexcept {
  print_words();
  look_at_frame();
  print_site("range", site, bytes);
}

void gordian_rt_extent(const void*, std::uint32_t extent, std::uint64_t, std::uint64_t, std::uint32_t site) noexcept {
  print_words();
  look_at_frame();
  std::printf("rule %u ", extent);
  print_site("extent", site, 0);
}

void gordian_rt_format(std::uint32_t site, const char* format, ...) noexcept {
  print_words();
  look_at_frame();
  std::printf("format '%s' ", format);
  print_site("text", site, 0);
}
void gordian_rt_format_list(std::uint32_t site, const char* format, va_list) noexcept {
  print_words();
  look_at_frame();
  std::printf("format '%s' ", format);
  print_site("list", site, 0);
}

void gordian_rt_nodes(std::uint32_t helper, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t,
                      std::uint32_t read_site, std::uint32_t write_site) noexcept {
  print_words();
  look_at_frame();
  std::printf("helper %u\n", helper);
  print_site("nodes", read_site, 0);
  print_site("nodes", write_site, 0);
}

void gordian_rt_atomic_begin(const void*) noexcept { print_words(); }
void gordian_rt_atomic_end(const void*, std::uint32_t site, std::uint32_t info, std::uint32_t success) noexcept {
  look_at_frame();
  std::printf("atomic op %u order %u failure %u size %u success %u: ", info & 0xff, info >> 8 & 0xff, info >> 16 & 0xff,
              1U << (info >> 24), success);
  print_site("atomic", site, 0);
}
void gordian_rt_fence(std::uint32_t order) noexcept { std::printf("fence order %u\n", order); }

void gordian_rt_foreign_call(std::uint8_t* kind, const void*, gordian_rt_foreign*) noexcept {
  *kind = GORDIAN_RT_CALLEE_OWN;
}
std::uint32_t gordian_rt_foreign_pointer_call(const void*, gordian_rt_foreign*) noexcept {
  return GORDIAN_RT_CALLEE_OWN;
}
void gordian_rt_foreign_return(const gordian_rt_foreign*, const void*) noexcept {}
void gordian_rt_foreign_enter(gordian_rt_foreign*, const gordian_rt_foreign*) noexcept {}
void gordian_rt_foreign_leave(gordian_rt_foreign*, const gordian_rt_foreign*) noexcept {}

}  // extern "C"
