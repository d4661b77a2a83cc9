// SPDX-License-Identifier: Apache-2.0
// Makes the records of accesses fewer before they are stored, without hiding anything. Within a segment, however many
// chunks it fills, nothing orders one access of a thread differently from the next, so
//   - an access that the same site made to the same address earlier in the segment says nothing new, and is left out;
//   - accesses of one site at equal distances become one `strided` record, in place of the first.
// What is left out stands in the trace with one of the call stacks it had, not with all of them. Deltas of stacks that
// no record needs are left out, too. If a chunk is damaged later, what its segment's later chunks repeat goes with it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/trace/access_word.h"
#include "runtime/trace/delta_coalescer.h"
#include "runtime/trace/ring_layout.h"

namespace gordian::analysis {

class AccessReducer {
 public:
  AccessReducer();
  // What is left of one access chunk of the stream, at most as many words; valid until the next call. The program may
  // still write to `words`: each is read once. From the first one on that no record can begin with, all are left as
  // they are.
  std::span<const std::uint64_t> reduce(std::uint64_t stream, const volatile std::uint64_t* words, std::size_t count);
  // What was left so far may not have been stored: nothing counts as said any more.
  void forget();

 private:
  static constexpr std::size_t kOpen = 256;          // sites at once
  static constexpr std::size_t kKnown = 32768;       // single accesses that are remembered
  static constexpr std::size_t kKnownRanges = 4096;  // the same of ranges
  static constexpr std::size_t kStreams = 256;       // whose segment may go on in another chunk
  static constexpr std::uint64_t kShortest = 4;      // strided record, which is so many words
  // Readers refuse what spans too much, and have patience for so many elements with each record.
  static constexpr std::uint64_t kLongest = 64;
  static constexpr std::uint64_t kFarthest = 1 << 20;

  // A site's accesses since the stack last changed, as far as one record can tell them.
  struct Open {
    std::uint64_t owner = 0;  // number of the stretch between two stacks << 16 | site
    std::uint64_t first = 0;
    std::uint64_t next = 0;  // what goes on with it
    std::uint64_t stride = 0;
    std::uint64_t count = 0;
  };
  struct Known {
    std::uint64_t word = 0;
    std::uint64_t owner = 0;  // segment << 32 | function
  };
  struct KnownRange {
    std::array<std::uint64_t, trace::kMostRangeWords> words{};
    std::uint64_t owner = 0;
  };
  // The latest of a stream.
  struct Segment {
    std::uint64_t stream = 0;
    std::uint64_t marker = 0;  // the word; 0: no segment
    std::uint32_t number = 0;
  };

  class Words;  // that are read
  void take_access(std::uint64_t word);
  bool take_control(std::uint64_t word, Words& words);
  void take_marker(std::uint64_t word);
  bool take_stack(std::uint64_t word, Words& words);
  void close(Open& open);
  void close_all();
  void put_access(std::uint64_t site, std::uint64_t address);
  void put_range(const std::uint64_t* words, std::size_t count);
  void put_context();
  bool is_known(std::uint64_t word);
  void note_owner();
  void begin_segment();
  static bool is_near(std::uint64_t stride);

  std::vector<Open> open_;
  std::vector<std::uint16_t> used_;  // of open_, in the order of their first accesses
  std::vector<Known> known_;
  std::vector<KnownRange> known_ranges_;
  std::vector<Segment> segments_;
  std::uint64_t stretch_ = 1;
  std::uint64_t stream_ = 0;
  std::uint32_t segment_ = 0;       // number of the present one
  std::uint32_t last_segment_ = 0;  // highest number so far
  std::uint64_t owner_ = 0;         // of accesses: segment << 32 | function

  trace::DeltaCoalescer<std::vector<std::uint64_t>> stack_;
  bool is_marker_due_ = false;
  std::uint64_t marker_ = 0;  // the word

  std::vector<std::uint64_t> out_;
};

}  // namespace gordian::analysis
