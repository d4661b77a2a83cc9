// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/place.h"

namespace gordian::analysis {
namespace {

// Multiplies and folds: the three numbers are small and close together.
std::size_t hash(StackId parent, std::uint32_t call_site, FunctionId function) {
  const std::uint64_t mixed = (std::uint64_t{parent.value} << 32 | function.value) * 0x9e3779b97f4a7c15u +
                              call_site * std::uint64_t{0xc2b2ae3d27d4eb4f};
  return static_cast<std::size_t>(mixed ^ mixed >> 29);
}

}  // namespace

StackId StackTable::push(StackId parent, std::uint32_t parent_call_site, FunctionId function) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash(parent, parent_call_site, function) & mask;
  for (; slots_[slot]; slot = (slot + 1) & mask) {
    const StackNode& found = nodes_[slots_[slot].value];
    if (found.parent == parent && found.function == function && found.parent_call_site == parent_call_site) {
      return slots_[slot];
    }
  }
  const StackId id(static_cast<std::uint32_t>(nodes_.size()));
  nodes_.push_back({parent, parent_call_site, function});
  slots_[slot] = id;
  if (nodes_.size() * 2 > slots_.size()) {
    grow();
  }
  return id;
}

void StackTable::grow() {
  slots_.assign(slots_.size() * 2, StackId());
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t id = 1; id < nodes_.size(); ++id) {
    const StackNode& node = nodes_[id];
    std::size_t slot = hash(node.parent, node.parent_call_site, node.function) & mask;
    while (slots_[slot]) {
      slot = (slot + 1) & mask;
    }
    slots_[slot] = StackId(id);
  }
}

}  // namespace gordian::analysis
