// SPDX-License-Identifier: Apache-2.0
// The difference between the shadow stack and what a stream already knows of it. A frame's `recorded` bit says that
// some stream pushed it since its entry (entry clears the bit); it is this stream, at this place, only below the depth
// that the stream itself remembers. The highest such frame is common to both, and so is everything beneath it.
#pragma once

#include <cstdint>

#include "runtime/abi/hooks.h"
#include "runtime/trace/access_word.h"

namespace gordian::rt::record {

// Deeper stacks lose their outermost frames when a chunk starts afresh: a delta must fit into a chunk.
inline constexpr std::uint64_t kMaxStackPush = 4096;

inline constexpr std::uint32_t kKnownToSync = 1;
inline constexpr std::uint32_t kKnownToAccess = 2;

// What a stream knows: frames [first, depth) of the running actor's stack, counted from the outermost.
struct KnownStack {
  std::uint64_t first = 0;
  std::uint64_t depth = 0;
  bool nothing = true;  // after a Switch and at a chunk's start

  void forget() noexcept { *this = KnownStack{}; }
};

struct StackDelta {
  std::uint64_t pop = 0;
  std::uint64_t from = 0;  // push frames [from, to)
  std::uint64_t to = 0;

  [[nodiscard]] bool is_due() const noexcept { return pop != 0 || from != to; }
  [[nodiscard]] std::uint64_t push() const noexcept { return to - from; }
};

inline StackDelta stack_delta(const gordian_rt_frame* frames, std::uint64_t depth, std::uint32_t bit,
                              const KnownStack& known) noexcept {
  if (known.nothing && depth == 0) {
    return {};
  }
  if (!known.nothing) {
    for (std::uint64_t common = depth; common > known.first; --common) {
      if (common <= known.depth && (frames[common - 1].recorded & bit) != 0) {
        return {known.depth - common, common, depth};
      }
    }
    if (depth == 0 && known.depth == 0) {
      return {};
    }
  }
  return {trace::kPopAll, depth > kMaxStackPush ? depth - kMaxStackPush : 0, depth};
}

// One entry of a push list: the parent's call site << 32 | function id.
inline std::uint64_t push_word(const gordian_rt_frame* frames, std::uint64_t index) noexcept {
  const std::uint64_t parent_call = index == 0 ? 0 : frames[index - 1].call_site;
  const std::uint32_t* function = frames[index].function;
  return parent_call << 32 | (function == nullptr ? 0 : *function);
}

// The delta has been written: the stream knows the stack now.
inline void mark_known(gordian_rt_frame* frames, const StackDelta& delta, std::uint32_t bit,
                       KnownStack& known) noexcept {
  for (std::uint64_t index = delta.from; index < delta.to; ++index) {
    frames[index].recorded |= bit;
  }
  if (delta.pop == trace::kPopAll) {
    known.first = delta.from;
  }
  known.depth = delta.to;
  known.nothing = false;
}

}  // namespace gordian::rt::record
