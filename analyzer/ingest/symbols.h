// SPDX-License-Identifier: Apache-2.0
// From ids to names: stacks, sites, globals, from the site tables inside the trace; no debug information is read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/model/place.h"
#include "runtime/base/result.h"
#include "runtime/trace/decode.h"

namespace gordian::analysis {

struct SiteInfo {
  trace::AccessKind kind = trace::AccessKind::read;
  std::uint32_t size = 0;
  std::string name;  // of the variable or field
  trace::NameKind name_kind = trace::NameKind::none;
  std::int32_t covered_by = 0;  // the site that is recorded in its place, relative to its own number; 0: none
  bool is_double = false;       // trace::kDoublesASite
};

// What the numbers in a function's access records stand for.
struct FunctionSites {
  std::span<const SiteInfo> sites;
  std::span<const trace::SiteGroup> groups;         // numbered on from the last site
  std::span<const trace::SiteGroupMember> members;  // of these groups and others

  // Empty: the number is a site's, or nobody's. Each member is one of the sites.
  [[nodiscard]] std::span<const trace::SiteGroupMember> group(std::uint64_t number) const {
    const std::uint64_t index = number - sites.size();
    return index < groups.size() ? members.subspan(groups[index].first_member, groups[index].member_count)
                                 : std::span<const trace::SiteGroupMember>();
  }
};

// A call, as the program's own text has it. Both may be "".
struct CallWords {
  std::string_view callee;
  std::string_view object;  // "" also if the call may be about several objects (a select, std::lock)
};

class Symbols {
 public:
  Symbols();
  ~Symbols();
  Symbols(Symbols&&) noexcept;
  Symbols& operator=(Symbols&&) noexcept;

  // Reads all tables chunks. A malformed table is an error with its offset.
  static Result<Symbols> read(const trace::TraceFile& file);

  // Empty for an unknown function. The merge asks once per stack, not once per access.
  [[nodiscard]] FunctionSites function_sites(FunctionId function) const;
  // Kind, size and name of the function's access sites, by index; empty for an unknown function.
  [[nodiscard]] std::span<const SiteInfo> access_sites(FunctionId function) const;
  [[nodiscard]] const SiteInfo* access_site(FunctionId function, std::uint32_t site) const;
  // Innermost first, inlined frames expanded; internal frames are marked.
  [[nodiscard]] Stack resolve(const StackTable& stacks, const Place& place) const;
  // The call site of the function, if it is the user's own: its frame is not internal, or such a one was inlined there.
  [[nodiscard]] std::optional<CallWords> own_call(FunctionId function, std::uint32_t site) const;
  // The innermost call of the place that is the user's own.
  [[nodiscard]] CallWords user_call(const StackTable& stacks, const Place& place) const;
  // Name of the object on which that is made (`Account::mu`, `jobs`), or "".
  [[nodiscard]] std::string call_object(const StackTable& stacks, const Place& place) const;
  // Name of the function that is called at this place, or "": in the innermost frame, whoever's it is.
  [[nodiscard]] std::string_view callee(const StackTable& stacks, const Place& place) const;
  // The global (and member, `bob.mu`; element, `table[3]`) that contains the address; name "" if none.
  [[nodiscard]] ObjectRef global_at(std::uint64_t address) const;
  [[nodiscard]] std::size_t function_count() const;
  // The program's own libraries of which no part was instrumented: paths, sorted.
  [[nodiscard]] std::vector<std::string> uninstrumented() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gordian::analysis
