// SPDX-License-Identifier: Apache-2.0
// Call stacks by number, so that what belongs to one can be told from what belongs to another at once. The same frames
// have the same number until the tree is cleared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gordian::analysis {

class CallTree {
 public:
  using Node = std::uint32_t;
  static constexpr Node kRoot = 0;  // no frame

  CallTree() { clear(); }
  void clear() {
    nodes_.assign(1, {});
    places_.assign(kFirstPlaces, kRoot);
  }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  // An entry as stack words have it.
  Node push(Node parent, std::uint64_t entry);
  [[nodiscard]] Node parent(Node node) const { return nodes_[node].parent; }
  [[nodiscard]] std::uint32_t depth(Node node) const { return nodes_[node].depth; }
  // So many of its innermost frames, the outer one first.
  void append_frames(Node node, std::size_t count, std::vector<std::uint64_t>& out) const;
  // How many frames both begin with.
  [[nodiscard]] std::uint32_t common_depth(Node one, Node other) const;

 private:
  static constexpr std::size_t kFirstPlaces = 256;

  struct Frame {
    std::uint64_t entry = 0;
    Node parent = kRoot;
    std::uint32_t depth = 0;
  };
  [[nodiscard]] std::size_t place_of(Node parent, std::uint64_t entry) const;
  void grow();

  std::vector<Frame> nodes_;
  std::vector<Node> places_;  // by a hash of parent and entry, twice as many as nodes at least
};

}  // namespace gordian::analysis
