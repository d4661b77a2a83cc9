// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/call_tree.h"

namespace gordian::analysis {

// Where it is, or where there is room for it.
std::size_t CallTree::place_of(Node parent, std::uint64_t entry) const {
  const std::uint64_t key = (entry ^ std::uint64_t{parent} << 20) * 0x9e3779b97f4a7c15u;
  const std::size_t mask = places_.size() - 1;
  std::size_t place = static_cast<std::size_t>(key ^ key >> 32) & mask;
  while (places_[place] != kRoot &&
         (nodes_[places_[place]].entry != entry || nodes_[places_[place]].parent != parent)) {
    place = (place + 1) & mask;
  }
  return place;
}

CallTree::Node CallTree::push(Node parent, std::uint64_t entry) {
  std::size_t place = place_of(parent, entry);
  if (places_[place] == kRoot) {
    if (2 * nodes_.size() >= places_.size()) {
      grow();
      place = place_of(parent, entry);
    }
    places_[place] = static_cast<Node>(nodes_.size());
    nodes_.push_back({entry, parent, depth(parent) + 1});
  }
  return places_[place];
}

void CallTree::grow() {
  places_.assign(4 * places_.size(), kRoot);
  for (Node node = 1; node < nodes_.size(); ++node) {
    places_[place_of(nodes_[node].parent, nodes_[node].entry)] = node;
  }
}

void CallTree::append_frames(Node node, std::size_t count, std::vector<std::uint64_t>& out) const {
  out.resize(out.size() + count);
  for (auto at = out.rbegin(); count > 0; --count, ++at) {
    *at = nodes_[node].entry;
    node = nodes_[node].parent;
  }
}

std::uint32_t CallTree::common_depth(Node one, Node other) const {
  while (one != other) {
    Node& deeper = depth(one) >= depth(other) ? one : other;
    deeper = parent(deeper);
  }
  return depth(one);
}

}  // namespace gordian::analysis
