// SPDX-License-Identifier: Apache-2.0
// Builds a translation unit's site table (runtime/trace/site_table.h): functions with their access and call sites,
// locations with their inlining, globals with their members, each string and location stored once.
#pragma once

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>

#include <string>
#include <vector>

#include "runtime/trace/site_table.h"

namespace gordian::pass {

class SiteTableWriter {
 public:
  SiteTableWriter();

  // Sites and calls that follow belong to this function; returns its number.
  std::uint32_t begin_function(const llvm::Function& function);
  // Number of the site within the function, from 0.
  std::uint32_t add_access(const llvm::DILocation* location, trace::SiteAccess access, llvm::StringRef name);
  // A site of the same function stands for it. False if that cannot be said: they are too far apart.
  bool set_covered(std::uint32_t site, std::uint32_t by);
  // One more of the same place (trace::kDoublesASite).
  std::uint32_t add_double(std::uint32_t site);
  // Of sites of the function, which gets no more of them; at most kMostGroupMembers. Returns the group's number, which
  // records name it by.
  std::uint32_t add_group(llvm::ArrayRef<trace::SiteGroupMember> members);
  // Number of the call within the function, from 1.
  std::uint32_t add_call(const llvm::DILocation* location, llvm::StringRef callee, llvm::StringRef object);
  void add_global(llvm::StringRef name, const llvm::DIGlobalVariable& declaration, std::uint32_t size,
                  std::uint32_t element_size);
  // Of the global added last.
  void add_member(llvm::StringRef name, std::uint32_t offset, std::uint32_t size);
  // As add_member; what `add_elements_members` adds meanwhile belongs to an element of `element_size` bytes.
  void add_array_member(llvm::StringRef name, std::uint32_t offset, std::uint32_t size, std::uint32_t element_size,
                        llvm::function_ref<void()> add_elements_members);

  [[nodiscard]] std::uint32_t function_count() const { return static_cast<std::uint32_t>(functions_.size()); }
  [[nodiscard]] std::uint32_t global_count() const { return static_cast<std::uint32_t>(globals_.size()); }
  [[nodiscard]] std::string bytes() const;

 private:
  std::uint32_t string(llvm::StringRef text);
  std::uint32_t location(const llvm::DILocation* position);
  std::uint32_t location(llvm::StringRef function, const llvm::DIFile* file, std::uint32_t line);
  std::uint32_t intern(const trace::SiteLocation& location);

  std::vector<trace::SiteLocation> locations_;
  std::vector<trace::SiteFunction> functions_;
  std::vector<trace::SiteAccess> accesses_;
  std::vector<trace::SiteCall> calls_;
  std::vector<trace::SiteGlobal> globals_;
  std::vector<trace::SiteMember> members_;
  std::vector<trace::SiteGroup> groups_;
  std::vector<trace::SiteGroupMember> group_members_;
  std::string pool_;
  llvm::StringMap<std::uint32_t> strings_;
  llvm::StringMap<std::uint32_t> location_index_;
  llvm::DenseMap<const llvm::DILocation*, std::uint32_t> positions_;
};

}  // namespace gordian::pass
