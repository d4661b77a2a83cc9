// SPDX-License-Identifier: Apache-2.0
#include "instrument/pass/site_table_writer.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/Path.h>

#include <cstring>

#include "instrument/pass/display.h"
#include "instrument/pass/llvm_compat.h"

namespace gordian::pass {
namespace {

std::uint32_t count(const auto& array) { return static_cast<std::uint32_t>(array.size()); }

template <class T>
void append(std::string& bytes, const std::vector<T>& array) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (!array.empty()) {
    bytes.append(reinterpret_cast<const char*>(array.data()), array.size() * sizeof(T));
  }
}

std::string absolute_path(const llvm::DIFile* file) {
  if (file == nullptr) {
    return {};
  }
  llvm::SmallString<256> path;
  if (!llvm::sys::path::is_absolute(file->getFilename())) {
    path = file->getDirectory();
  }
  llvm::sys::path::append(path, file->getFilename());
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return std::string(path);
}

}  // namespace

SiteTableWriter::SiteTableWriter() : pool_(1, '\0') {
  strings_[""] = 0;
  locations_.emplace_back();  // index 0: nothing is known
}

std::uint32_t SiteTableWriter::string(llvm::StringRef text) {
  const auto [entry, fresh] = strings_.try_emplace(text, count(pool_));
  if (fresh) {
    pool_.append(text.data(), text.size());
    pool_.push_back('\0');
  }
  return entry->second;
}

std::uint32_t SiteTableWriter::intern(const trace::SiteLocation& location) {
  const llvm::StringRef key(reinterpret_cast<const char*>(&location), sizeof location);
  const auto [entry, fresh] = location_index_.try_emplace(key, count(locations_));
  if (fresh) {
    locations_.push_back(location);
  }
  return entry->second;
}

std::uint32_t SiteTableWriter::location(llvm::StringRef function, const llvm::DIFile* file, std::uint32_t line) {
  return intern({string(function), string(absolute_path(file)), line, 0, 0});
}

std::uint32_t SiteTableWriter::location(const llvm::DILocation* position) {
  if (position == nullptr) {
    return 0;
  }
  if (const auto known = positions_.find(position); known != positions_.end()) {
    return known->second;
  }
  const llvm::DISubprogram& function = *position->getScope()->getSubprogram();
  if (position->getInlinedAt() != nullptr && function.isArtificial()) {
    // It asks to be taken for its caller: what _FORTIFY_SOURCE puts in front of the C library.
    return positions_[position] = location(position->getInlinedAt());
  }
  trace::SiteLocation result;
  result.function = string(function_name(function));
  result.file = string(absolute_path(position->getFile()));
  result.line = position->getLine();
  result.column = position->getColumn();
  if (const llvm::DILocation* call = position->getInlinedAt()) {
    result.inlined_at = 1 + location(call);
  }
  return positions_[position] = intern(result);
}

std::uint32_t SiteTableWriter::begin_function(const llvm::Function& function) {
  trace::SiteFunction entry;
  entry.linkage_name = string(function.getName());
  const llvm::DISubprogram* subprogram = function.getSubprogram();
  entry.location = subprogram == nullptr
                       ? location(function_name(function.getName()), nullptr, 0)
                       : location(function_name(*subprogram), subprogram->getFile(), subprogram->getLine());
  entry.first_site = count(accesses_);
  entry.first_call = count(calls_);
  entry.first_group = count(groups_);
  functions_.push_back(entry);
  return count(functions_) - 1;
}

std::uint32_t SiteTableWriter::add_access(const llvm::DILocation* position, trace::SiteAccess access,
                                          llvm::StringRef name) {
  access.location = location(position);
  access.name = string(name);
  accesses_.push_back(access);
  return functions_.back().site_count++;
}

bool SiteTableWriter::set_covered(std::uint32_t site, std::uint32_t by) {
  const std::int64_t distance = std::int64_t{by} - std::int64_t{site};
  if (distance != static_cast<std::int16_t>(distance) || distance == trace::kDoublesASite) {
    return false;
  }
  accesses_[functions_.back().first_site + site].covered_by = static_cast<std::int16_t>(distance);
  return true;
}

std::uint32_t SiteTableWriter::add_double(std::uint32_t site) {
  const trace::SiteFunction& function = functions_.back();
  accesses_.push_back(accesses_[function.first_site + site]);
  accesses_.back().covered_by = trace::kDoublesASite;
  return functions_.back().site_count++;
}

std::uint32_t SiteTableWriter::add_group(llvm::ArrayRef<trace::SiteGroupMember> members) {
  groups_.push_back({count(group_members_), count(members)});
  group_members_.insert(group_members_.end(), members.begin(), members.end());
  trace::SiteFunction& function = functions_.back();
  return function.site_count + function.group_count++;
}

std::uint32_t SiteTableWriter::add_call(const llvm::DILocation* position, llvm::StringRef callee,
                                        llvm::StringRef object) {
  calls_.push_back({location(position), string(callee), string(object)});
  return ++functions_.back().call_count;
}

void SiteTableWriter::add_global(llvm::StringRef name, const llvm::DIGlobalVariable& declaration, std::uint32_t size,
                                 std::uint32_t element_size) {
  globals_.push_back({string(name), location("", declaration.getFile(), declaration.getLine()), size, element_size,
                      count(members_), 0});
}

void SiteTableWriter::add_member(llvm::StringRef name, std::uint32_t offset, std::uint32_t size) {
  members_.push_back({string(name), offset, size, 0, 0});
  ++globals_.back().member_count;
}

void SiteTableWriter::add_array_member(llvm::StringRef name, std::uint32_t offset, std::uint32_t size,
                                       std::uint32_t element_size, llvm::function_ref<void()> add_elements_members) {
  add_member(name, offset, size);
  const std::size_t array = members_.size();
  add_elements_members();
  members_[array - 1].element_size = element_size;
  members_[array - 1].inner = static_cast<std::uint32_t>(members_.size() - array);
}

std::string SiteTableWriter::bytes() const {
  trace::SiteTableHeader header;
  header.location_count = count(locations_);
  header.function_count = count(functions_);
  header.site_count = count(accesses_);
  header.call_count = count(calls_);
  header.global_count = count(globals_);
  header.member_count = count(members_);
  header.group_count = count(groups_);
  header.group_member_count = count(group_members_);
  header.string_bytes = count(pool_);
  std::string result(reinterpret_cast<const char*>(&header), sizeof header);
  append(result, locations_);
  append(result, functions_);
  append(result, accesses_);
  append(result, calls_);
  append(result, globals_);
  append(result, members_);
  append(result, groups_);
  append(result, group_members_);
  return result + pool_;
}

}  // namespace gordian::pass
