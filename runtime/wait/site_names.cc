// SPDX-License-Identifier: Apache-2.0
// A reader of trace/site_table.h for one question.
#include "runtime/wait/site_names.h"

#include <cstring>

#include "runtime/record/units.h"
#include "runtime/trace/site_table.h"

namespace gordian::rt::wait {

namespace {

// One unit's table, cut into its arrays.
class Table {
 public:
  explicit Table(const gordian_rt_unit& unit) noexcept : bytes_(unit.site_table), size_(unit.site_table_bytes) {
    valid_ = size_ >= sizeof(header_);
    if (valid_) {
      std::memcpy(&header_, bytes_, sizeof(header_));
      functions_ = sizeof(header_) + std::uint64_t{header_.location_count} * sizeof(trace::SiteLocation);
      calls_ = functions_ + std::uint64_t{header_.function_count} * sizeof(trace::SiteFunction) +
               std::uint64_t{header_.site_count} * sizeof(trace::SiteAccess);
      strings_ = calls_ + std::uint64_t{header_.call_count} * sizeof(trace::SiteCall) +
                 std::uint64_t{header_.global_count} * sizeof(trace::SiteGlobal) +
                 std::uint64_t{header_.member_count} * sizeof(trace::SiteMember) +
                 std::uint64_t{header_.group_count} * sizeof(trace::SiteGroup) +
                 std::uint64_t{header_.group_member_count} * sizeof(trace::SiteGroupMember);
      valid_ = header_.magic == trace::kSiteTableMagic && header_.version == trace::kSiteTableVersion &&
               strings_ + header_.string_bytes <= size_ && header_.string_bytes > 0;
    }
  }
  [[nodiscard]] bool valid() const noexcept { return valid_; }

  bool location(std::uint32_t index, trace::SiteLocation& out) const noexcept {
    return read(sizeof(header_), header_.location_count, index, out);
  }
  bool function(std::uint32_t index, trace::SiteFunction& out) const noexcept {
    return read(functions_, header_.function_count, index, out);
  }
  bool call(std::uint32_t index, trace::SiteCall& out) const noexcept {
    return read(calls_, header_.call_count, index, out);
  }
  [[nodiscard]] const char* string(std::uint32_t offset) const noexcept {
    return offset < header_.string_bytes ? reinterpret_cast<const char*>(bytes_ + strings_ + offset) : "";
  }

 private:
  template <class Entry>
  bool read(std::uint64_t array, std::uint32_t count, std::uint32_t index, Entry& out) const noexcept {
    if (index >= count) {
      return false;
    }
    std::memcpy(&out, bytes_ + array + std::uint64_t{index} * sizeof(Entry), sizeof(Entry));
    return true;
  }

  const std::uint8_t* bytes_;
  std::uint64_t size_;
  trace::SiteTableHeader header_{};
  std::uint64_t functions_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t strings_ = 0;
  bool valid_ = false;
};

bool place_of(const Table& table, std::uint32_t function, std::uint32_t call_site, std::uint32_t& location) noexcept {
  trace::SiteFunction entry;
  if (!table.function(function, entry)) {
    return false;
  }
  location = entry.location;
  trace::SiteCall call;
  if (call_site != 0 && call_site <= entry.call_count && table.call(entry.first_call + call_site - 1, call)) {
    location = call.location;
  }
  return true;
}

}  // namespace

std::size_t source_lines(const std::uint32_t* function, std::uint32_t call_site, SourceLine* out,
                         std::size_t capacity) noexcept {
  const gordian_rt_unit* const unit = record::unit_of(function);
  if (unit == nullptr) {
    return 0;
  }
  const Table table(*unit);
  std::uint32_t index = 0;
  if (!table.valid() || !place_of(table, static_cast<std::uint32_t>(function - unit->function_ids), call_site, index)) {
    return 0;
  }
  std::size_t count = 0;
  trace::SiteLocation location;
  while (count < capacity && table.location(index, location)) {
    out[count++] = {table.string(location.function), table.string(location.file), location.line};
    if (location.inlined_at == 0) {
      break;
    }
    index = location.inlined_at - 1;
  }
  return count;
}

}  // namespace gordian::rt::wait
