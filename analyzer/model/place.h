// SPDX-License-Identifier: Apache-2.0
// Where something happened, as ids: an interned stack and a site in its innermost frame. Symbolised when a finding is
// made (ingest/symbols.h); the calls alone also for the names of objects (detect/object_names.h).
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/base/ids.h"

namespace gordian::analysis {

using StackId = Id<struct StackTag, std::uint32_t>;  // 0 = the empty stack

struct StackNode {
  StackId parent{};
  std::uint32_t parent_call_site = 0;  // of the call in the parent's function, 0 = unknown
  FunctionId function{};
};

// All stacks of a trace as one tree: equal stacks have equal ids.
class StackTable {
 public:
  StackTable() : nodes_(1), slots_(64) {}
  StackId push(StackId parent, std::uint32_t parent_call_site, FunctionId function);
  [[nodiscard]] const StackNode& node(StackId id) const { return nodes_[id.value]; }
  [[nodiscard]] StackId pop(StackId id) const { return nodes_[id.value].parent; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }

 private:
  void grow();

  std::vector<StackNode> nodes_;
  std::vector<StackId> slots_;  // open addressing over the nodes; 0 is free
};

struct Place {
  StackId stack{};
  std::uint32_t site = 0;  // access: index of the access site; otherwise: of the call site, from 1, 0 = unknown
  bool is_access = false;
  auto operator<=>(const Place&) const = default;
};

}  // namespace gordian::analysis
