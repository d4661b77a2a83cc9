// SPDX-License-Identifier: Apache-2.0
// Makes a thread's access chunk smaller while the drainer is behind: what the same function's same site did to the same
// address earlier in the segment goes, and so do stack words and markers that no record needs any more. The drainer
// would leave out the same (analyzer/launch/access_reducer.h), word by word and for all threads; threads that would
// have to wait for it do it at the same time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/trace/delta_coalescer.h"
#include "runtime/trace/ring_layout.h"

namespace gordian::rt::record {

// Zero memory, as a new mapping is, is an empty filter. Of one thread.
class AccessFilter {
 public:
  // What follows begins a chunk: nothing is known about its stack.
  void begin_chunk() noexcept;
  // Nothing counts as said any more.
  void forget() noexcept;
  // Whole records [begin, end), which go on where the last call's ended or begin the chunk, stay as they are.
  void note(const std::uint64_t* begin, const std::uint64_t* end) noexcept;
  // The same become fewer, in place. Returns their end; what lies behind it is zero. None of them may be committed: a
  // process that is killed while they are overwritten loses them.
  std::uint64_t* reduce(std::uint64_t* begin, std::uint64_t* end) noexcept;

 private:
  static constexpr unsigned kKnownBits = 14;
  static constexpr std::size_t kKnown = std::size_t{1} << kKnownBits;
  static constexpr std::uint64_t kDeepest = 8192;
  struct Frames {
    std::uint64_t count;
    std::uint64_t entries[kDeepest];

    [[nodiscard]] std::uint64_t size() const noexcept { return count; }
    void clear() noexcept { count = 0; }
    void resize(std::uint64_t fewer) noexcept { count = fewer; }
    void push_back(std::uint64_t entry) noexcept { entries[count++] = entry; }
    std::uint64_t operator[](std::uint64_t index) const noexcept { return entries[index]; }
    [[nodiscard]] const std::uint64_t* begin() const noexcept { return entries; }
    [[nodiscard]] const std::uint64_t* end() const noexcept { return entries + count; }
    using value_type = std::uint64_t;
  };
  struct Known {
    std::uint64_t word;
    std::uint64_t owner;  // segment << 32 | function
  };

  std::uint64_t keep_plain(const std::uint64_t*& at, const std::uint64_t* end, std::uint64_t* out) noexcept;
  void begin_segment() noexcept;
  void take_marker(std::uint64_t word) noexcept;
  bool take_stack(std::uint64_t word, const std::uint64_t* push, std::uint64_t count) noexcept;
  std::uint64_t* put_context(std::uint64_t* out) noexcept;
  std::uint64_t* keep(const std::uint64_t* at, const std::uint64_t* end) noexcept;
  void note_owner() noexcept;

  Known known_[kKnown];
  std::uint64_t owner_;    // of the accesses that come
  std::uint64_t segment_;  // number of the present one, from 1
  std::uint64_t marker_;   // the word that began it
  bool is_lost_;           // until a chunk begins: something was not understood, or too deep
  bool is_marker_due_;
  trace::DeltaCoalescer<Frames> stack_;
  std::uint64_t kept_[trace::kChunkWords];
  std::uint64_t plain_[trace::kChunkWords];  // accesses between two control words
};

}  // namespace gordian::rt::record
