// SPDX-License-Identifier: Apache-2.0
// The program's blocks of memory: which one an address belongs to, and whether giving one back is the end of a life
// that no access may be unordered with.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "analyzer/detect/detector.h"

namespace gordian::analysis {

struct MemoryBlock {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  trace::MemoryKind kind = trace::MemoryKind::heap;
  Place place;
  ActorId actor{};
  bool ended = false;
  bool goes_on = false;  // a piece of the allocation whose last piece ends at its address (FORMAT.md: stripes)
};

class MemoryBlocks {
 public:
  explicit MemoryBlocks(const Scene& scene) : scene_(scene) {}

  // Any step but a free that ends a life, or an allocation that begins none.
  void step(const Step& step);
  // The block that lives at the address has this room. Returns how much of that was its own before: all, if none lives.
  std::uint64_t grow(const trace::Alloc& room);
  [[nodiscard]] bool ends_a_life(const Step& step, const trace::Free& free);
  // After that: the block is remembered as ended until its memory is another block's. Returns how many bytes of it were
  // anybody's.
  std::uint64_t end(const trace::Free& free);
  // The block that has the byte, with all its pieces that live, or have ended, as the byte's does.
  [[nodiscard]] std::optional<MemoryBlock> at(std::uint64_t address) const;

 private:
  void begin(const Step& step, const trace::Alloc& alloc);

  // The last event that began a block.
  struct Last {
    StreamId stream{};
    std::uint64_t ordinal = 0;
    std::uint64_t end = 0;  // address
  };
  const Scene scene_;
  std::map<std::uint64_t, MemoryBlock> blocks_;                 // by address
  std::map<std::pair<FunctionId, std::uint32_t>, bool> frees_;  // calls that were looked at
  Last last_;
  bool exiting_ = false;
};

constexpr bool is_stack(trace::MemoryKind kind) {
  return kind == trace::MemoryKind::goroutine_stack || kind == trace::MemoryKind::thread_stack;
}

}  // namespace gordian::analysis
