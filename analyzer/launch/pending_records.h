// SPDX-License-Identifier: Apache-2.0
// Records of one segment that are not written yet. They are kept by call stack, and come out so, in the order in which
// the stacks were first seen: however often the program went to and fro between them, each is told once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/launch/call_tree.h"

namespace gordian::analysis {

// Accesses of one site that lie near each other: number n of them to address + (n << shift), if its bit is set.
struct PendingBitmap {
  static constexpr unsigned kWords = 4;

  std::array<std::uint64_t, kWords> bits{};
  std::uint64_t address = 0;
  CallTree::Node node = CallTree::kRoot;
  std::uint32_t next = 0;  // of the stack, number + 1
  std::uint32_t site = 0;  // with kBitmapOfRanges
  std::uint32_t shift = 0;
};

class PendingRecords {
 public:
  // Of elements. A shorter record is longer than they are; a reader's patience with large records is limited.
  static constexpr std::uint64_t kShortestStrided = 4;
  static constexpr std::uint64_t kLongestStrided = 64;

  PendingRecords();
  [[nodiscard]] bool are_none() const { return stacks_.empty(); }
  [[nodiscard]] bool are_full() const { return bitmaps_.size() >= kMostBitmaps || words_.size() >= kMostWords; }
  // Number of the new one, valid until they are written.
  std::uint32_t add_bitmap(CallTree::Node node, std::uint64_t site, std::uint64_t address, unsigned shift);
  [[nodiscard]] PendingBitmap& bitmap(std::uint32_t number) { return bitmaps_[number]; }
  // A record as it is.
  void add_words(CallTree::Node node, std::span<const std::uint64_t> words);

  // Before the records of each stack begin_stack(node) is called; then they are appended.
  template <class BeginStack>
  void write(std::vector<std::uint64_t>& out, const BeginStack& begin_stack) {
    for (const CallTree::Node node : stacks_) {
      begin_stack(node);
      write_stack(of_[node], out);
      of_[node] = {};
    }
    stacks_.clear();
    bitmaps_.clear();
    words_.clear();
  }

 private:
  static constexpr std::size_t kMostBitmaps = 8192;
  static constexpr std::size_t kMostWords = 32768;

  // Of a stack, each the first and the last one, number + 1, or 0.
  struct Lists {
    std::uint32_t first_bitmap = 0;
    std::uint32_t last_bitmap = 0;
    std::uint32_t first_words = 0;
    std::uint32_t last_words = 0;
  };
  Lists& lists_of(CallTree::Node node);
  void write_stack(const Lists& lists, std::vector<std::uint64_t>& out) const;

  std::vector<PendingBitmap> bitmaps_;
  // Each with a word in front: how many it has, and in bits 63..32 where the stack's next one begins, + 1.
  std::vector<std::uint64_t> words_;
  std::vector<CallTree::Node> stacks_;
  std::vector<Lists> of_;  // by node
};

}  // namespace gordian::analysis
