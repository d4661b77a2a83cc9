// SPDX-License-Identifier: Apache-2.0
// Function ids are looked up in the units sorted by their base, addresses in the globals sorted by theirs.
// read_tables() has checked every index inside a table.
#include "analyzer/ingest/symbols.h"

#include <algorithm>
#include <array>
#include <climits>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "runtime/trace/tables.h"

namespace gordian::analysis {

using trace::SiteCall;
using trace::SiteFunction;
using trace::SiteGlobal;
using trace::SiteLocation;
using trace::SiteMember;
using trace::UnitTable;

namespace {

constexpr std::size_t kMaxFrames = 256;  // of a resolved stack; also bounds a cyclic chain of inlined_at

// <stdlib.h> and its like, whose inline functions stand between the program and what they call.
bool is_c_header(std::string_view file) {
  constexpr std::string_view kFolder = "/usr/include/";
  return file.starts_with(kFolder) && file.find('/', kFolder.size()) == std::string_view::npos;
}

bool is_internal(std::string_view function, std::string_view file) {
  constexpr std::array<std::string_view, 3> kNamespaces = {"gordian::", "std::", "__gnu_cxx::"};
  // The standard library's own folder, with or without the machine's name in front of it.
  constexpr std::array<std::string_view, 5> kFolders = {"/include/gordian/", "/include/c++/", "-linux-gnu/c++/",
                                                        "-linux-gnu/bits/", "/usr/lib/gcc/"};
  file = file.substr(0, PATH_MAX);  // a hostile one costs no more
  return is_c_header(file) ||
         std::any_of(kNamespaces.begin(), kNamespaces.end(),
                     [&](std::string_view name) { return function.starts_with(name); }) ||
         std::any_of(kFolders.begin(), kFolders.end(),
                     [&](std::string_view folder) { return file.find(folder) != std::string_view::npos; });
}

// Does an operation inside the call concern the object that the call is made on? Not if it may be one of several.
bool is_about_its_object(std::string_view callee) {
  constexpr std::array<std::string_view, 8> kStandard = {
      "std::mutex::",    "std::recursive_",  "std::timed_mutex::", "std::shared_",
      "std::lock_guard", "std::unique_lock", "std::scoped_lock",   "std::call_once"};
  constexpr std::array<std::string_view, 3> kSelects = {"gordian::select", "gordian::try_select",
                                                        "gordian::detail::select"};
  // On a descriptor; their first pointer is to the bytes.
  constexpr std::array<std::string_view, 10> kTransfers = {"read", "write",  "pread", "pwrite",   "readv",
                                                           "send", "sendto", "recv",  "recvfrom", "writev"};
  const auto begins = [&](std::string_view prefix) { return callee.starts_with(prefix); };
  return callee.starts_with("std::") ? std::any_of(kStandard.begin(), kStandard.end(), begins)
                                     : std::none_of(kSelects.begin(), kSelects.end(), begins) &&
                                           std::find(kTransfers.begin(), kTransfers.end(), callee) == kTransfers.end();
}

// For each location: it is not the user's own, nor is anything that it was inlined into.
std::vector<bool> internal_locations(const UnitTable& table) {
  enum State : std::uint8_t { kUnknown, kInternal, kOwn };
  std::vector<State> states(table.locations.size(), kUnknown);
  for (std::size_t i = 0; i < states.size(); ++i) {
    const SiteLocation& location = table.locations[i];
    const bool is_as_before =
        i > 0 && location.file == table.locations[i - 1].file && location.function == table.locations[i - 1].function;
    const bool is_own =
        is_as_before ? states[i - 1] == kOwn : !is_internal(table.text(location.function), table.text(location.file));
    states[i] = is_own ? kOwn : kUnknown;
  }
  std::vector<std::size_t> way;
  for (std::size_t i = 0; i < states.size(); ++i) {
    way.clear();
    std::size_t at = i;
    while (states[at] == kUnknown) {
      states[at] = kInternal;  // also ends a cycle
      way.push_back(at);
      if (const std::uint32_t outside = table.locations[at].inlined_at; outside != 0) {
        at = outside - 1;
      }
    }
    if (states[at] == kOwn) {
      std::for_each(way.begin(), way.end(), [&](std::size_t passed) { states[passed] = kOwn; });
    }
  }
  std::vector<bool> result(states.size());
  std::transform(states.begin(), states.end(), result.begin(), [](State state) { return state == kInternal; });
  return result;
}

struct Unit {
  UnitTable table;
  std::vector<SiteInfo> sites;
  std::vector<bool> is_internal;  // by location
};

struct Global {
  std::uint64_t address = 0;
  const UnitTable* table = nullptr;
  const SiteGlobal* global = nullptr;
};

// A function and the table that its indices point into.
struct FunctionRef {
  const Unit* unit = nullptr;
  const SiteFunction* function = nullptr;
};

}  // namespace

struct Symbols::Impl {
  std::vector<Unit> units;  // by function_base
  std::vector<Global> globals;
  std::size_t function_count = 0;

  [[nodiscard]] FunctionRef find(FunctionId id) const {
    auto next = std::upper_bound(units.begin(), units.end(), id.value, [](std::uint32_t value, const Unit& unit) {
      return value < unit.table.function_base;
    });
    if (next == units.begin()) {
      return {};
    }
    const Unit& unit = *--next;
    const std::uint32_t index = id.value - unit.table.function_base;
    return index < unit.table.functions.size() ? FunctionRef{&unit, &unit.table.functions[index]} : FunctionRef{};
  }

  [[nodiscard]] const SiteCall* call(const FunctionRef& ref, std::uint32_t site) const {
    return site >= 1 && site <= ref.function->call_count ? &ref.unit->table.calls[ref.function->first_call + site - 1]
                                                         : nullptr;
  }

  // The optimiser drops the line of an access that it moved. The nearest access to the same variable in the function
  // still has one, and is what it was merged or moved with; failing that, the function.
  [[nodiscard]] static std::uint32_t access_location(const FunctionRef& ref, std::uint32_t site) {
    const UnitTable& table = ref.unit->table;
    const auto sites = std::span(table.sites).subspan(ref.function->first_site, ref.function->site_count);
    if (site >= sites.size()) {
      return ref.function->location;
    }
    const auto has_line = [&](const trace::SiteAccess& entry) { return table.locations[entry.location].line != 0; };
    if (has_line(sites[site])) {
      return sites[site].location;
    }
    const std::string_view name = table.text(sites[site].name);
    for (std::size_t distance = 1; !name.empty() && distance < sites.size(); ++distance) {
      for (const std::size_t other : {site + distance, site - distance}) {
        if (other < sites.size() && has_line(sites[other]) && table.text(sites[other].name) == name) {
          return sites[other].location;
        }
      }
    }
    return ref.function->location;
  }

  // Index of the location of an access or a call; of the function itself if the site is unknown.
  [[nodiscard]] std::uint32_t location(const FunctionRef& ref, std::uint32_t site, bool is_access) const {
    if (is_access) {
      return access_location(ref, site);
    }
    const SiteCall* found = call(ref, site);
    return found != nullptr ? found->location : ref.function->location;
  }

  static Frame frame(const UnitTable& table, const SiteLocation& location) {
    Frame frame;
    frame.function = table.text(location.function);
    frame.file = table.text(location.file);
    frame.line = location.line;
    frame.column = location.column;
    frame.internal = is_internal(frame.function, frame.file);
    return frame;
  }

  // Appends the frames of one machine frame, inlined ones first.
  static void append(Stack& stack, const UnitTable& table, std::uint32_t index) {
    for (;;) {
      const SiteLocation& location = table.locations[index];
      stack.push_back(frame(table, location));
      if (location.inlined_at == 0 || stack.size() >= kMaxFrames) {
        return;
      }
      index = location.inlined_at - 1;
    }
  }

  // Neither the function at this call nor anything inlined there is the user's own.
  [[nodiscard]] bool is_internal_call(const FunctionRef& ref, std::uint32_t site) const {
    return ref.unit->is_internal[location(ref, site, false)];
  }
};

Symbols::Symbols() : impl_(std::make_unique<Impl>()) {}
Symbols::~Symbols() = default;
Symbols::Symbols(Symbols&&) noexcept = default;
Symbols& Symbols::operator=(Symbols&&) noexcept = default;

Result<Symbols> Symbols::read(const trace::TraceFile& file) {
  Result<std::vector<UnitTable>> tables = trace::read_tables(file);
  if (!tables) {
    return tables.error();
  }
  Symbols symbols;
  Impl& impl = *symbols.impl_;
  for (UnitTable& table : *tables) {
    Unit unit;
    for (const trace::SiteAccess& site : table.sites) {
      const bool is_double = site.covered_by == trace::kDoublesASite;
      unit.sites.push_back({site.kind, site.size, std::string(table.text(site.name)), site.name_kind,
                            is_double ? 0 : site.covered_by, is_double});
    }
    unit.is_internal = internal_locations(table);
    impl.function_count += table.functions.size();
    unit.table = std::move(table);
    impl.units.push_back(std::move(unit));
  }
  std::sort(impl.units.begin(), impl.units.end(), [](const Unit& a, const Unit& b) {
    return std::pair(a.table.function_base, a.table.module_base) <
           std::pair(b.table.function_base, b.table.module_base);
  });
  for (const Unit& unit : impl.units) {
    for (std::size_t i = 0; i < unit.table.globals.size(); ++i) {
      impl.globals.push_back({unit.table.global_addresses[i], &unit.table, &unit.table.globals[i]});
    }
  }
  std::sort(impl.globals.begin(), impl.globals.end(), [](const Global& a, const Global& b) {
    return std::tuple(a.address, a.table, a.global) < std::tuple(b.address, b.table, b.global);
  });
  return symbols;
}

FunctionSites Symbols::function_sites(FunctionId function) const {
  const FunctionRef ref = impl_->find(function);
  if (ref.function == nullptr) {
    return {};
  }
  const SiteFunction& entry = *ref.function;
  const std::size_t first_group = entry.group_count == 0 ? 0 : entry.first_group;
  return {.sites = std::span(ref.unit->sites).subspan(entry.first_site, entry.site_count),
          .groups = std::span(ref.unit->table.groups).subspan(first_group, entry.group_count),
          .members = ref.unit->table.group_members};
}

std::span<const SiteInfo> Symbols::access_sites(FunctionId function) const { return function_sites(function).sites; }

const SiteInfo* Symbols::access_site(FunctionId function, std::uint32_t site) const {
  const std::span<const SiteInfo> sites = access_sites(function);
  return site < sites.size() ? &sites[site] : nullptr;
}

Stack Symbols::resolve(const StackTable& stacks, const Place& place) const {
  Stack stack;
  std::uint32_t site = place.site;
  bool is_access = place.is_access;
  for (StackId id = place.stack; id && stack.size() < kMaxFrames; id = stacks.pop(id)) {
    const StackNode& node = stacks.node(id);
    const FunctionRef ref = impl_->find(node.function);
    if (ref.function != nullptr) {
      Impl::append(stack, ref.unit->table, impl_->location(ref, site, is_access));
    }
    site = node.parent_call_site;
    is_access = false;
  }
  return stack;
}

std::optional<CallWords> Symbols::own_call(FunctionId function, std::uint32_t site) const {
  const FunctionRef ref = impl_->find(function);
  if (ref.function == nullptr || impl_->is_internal_call(ref, site)) {
    return std::nullopt;
  }
  const SiteCall* call = impl_->call(ref, site);
  if (call == nullptr) {
    return CallWords{};
  }
  const std::string_view callee = ref.unit->table.text(call->callee);
  return CallWords{callee, is_about_its_object(callee) ? ref.unit->table.text(call->object) : std::string_view()};
}

CallWords Symbols::user_call(const StackTable& stacks, const Place& place) const {
  std::uint32_t site = place.site;
  if (place.is_access) {
    return {};
  }
  StackId id = place.stack;
  for (std::size_t depth = 0; id && depth < kMaxFrames; ++depth, id = stacks.pop(id)) {
    const StackNode& node = stacks.node(id);
    if (const std::optional<CallWords> words = own_call(node.function, site)) {
      return *words;
    }
    site = node.parent_call_site;
  }
  return {};
}

std::string Symbols::call_object(const StackTable& stacks, const Place& place) const {
  return std::string(user_call(stacks, place).object);
}

std::string_view Symbols::callee(const StackTable& stacks, const Place& place) const {
  const FunctionRef ref = impl_->find(stacks.node(place.stack).function);
  const SiteCall* call = ref.function == nullptr || place.is_access ? nullptr : impl_->call(ref, place.site);
  return call == nullptr ? std::string_view() : ref.unit->table.text(call->callee);
}

namespace {

// From an array to the element that contains the address.
bool enter_element(std::uint32_t element_size, std::uint64_t address, ObjectRef& object) {
  if (element_size == 0) {
    return false;
  }
  const std::uint64_t offset = address - object.address;
  object.name += "[" + std::to_string(offset / element_size) + "]";
  object.address = address - offset % element_size;
  object.size = element_size;
  return true;
}

// From an object to the smallest of its members that contains the address: nested ones are flattened, those of an
// array's element follow the array.
void enter_member(const UnitTable& table, std::span<const SiteMember> members, std::uint64_t address,
                  const std::string& owner, ObjectRef& object) {
  const std::uint64_t start = object.address;
  const std::uint64_t inside = address - start;
  for (std::size_t i = 0; i < members.size(); i += std::size_t{1} + members[i].inner) {
    const SiteMember& member = members[i];
    if (inside < member.offset || inside - member.offset >= member.size || member.size > object.size) {
      continue;
    }
    object.name = owner + std::string(table.text(member.name));
    object.address = start + member.offset;
    object.size = member.size;
    if (enter_element(member.element_size, address, object)) {
      enter_member(table, members.subspan(i + 1, member.inner), address, object.name, object);
      return;
    }
  }
}

}  // namespace

ObjectRef Symbols::global_at(std::uint64_t address) const {
  auto next = std::upper_bound(impl_->globals.begin(), impl_->globals.end(), address,
                               [](std::uint64_t value, const Global& global) { return value < global.address; });
  ObjectRef object;
  if (next == impl_->globals.begin()) {
    return object;
  }
  const auto& [base, table, global] = *--next;
  const std::uint64_t offset = address - base;
  if (offset >= std::max<std::uint32_t>(global->size, 1)) {
    return object;
  }
  object.object_class = ObjectClass::global;
  object.name = table->text(global->name);
  object.address = base;
  object.size = global->size;
  object.declared = Impl::frame(*table, table->locations[global->location]);
  object.declared.function.clear();
  const bool is_array = enter_element(global->element_size, address, object);
  const auto members = std::span(table->members).subspan(global->first_member, global->member_count);
  enter_member(*table, members, address, is_array ? object.name : "", object);
  return object;
}

std::size_t Symbols::function_count() const { return impl_->function_count; }

std::vector<std::string> Symbols::uninstrumented() const {
  std::map<std::string, bool> modules;  // path; has it a unit with a table?
  for (const Unit& unit : impl_->units) {
    modules[unit.table.module_path] |= unit.table.function_base != 0;
  }
  std::vector<std::string> paths;
  for (const auto& [path, instrumented] : modules) {
    if (!instrumented) {
      paths.push_back(path);
    }
  }
  return paths;
}

}  // namespace gordian::analysis
