// SPDX-License-Identifier: Apache-2.0
// Makes the records of accesses fewer before they are stored, without hiding anything. Within a segment, however many
// chunks it fills, nothing orders one access of a thread differently from the next, so
//   - an access that the same site made to the same address earlier in the segment says nothing new, and is left out;
//   - accesses of one site that lie near each other become a `bitmap`, whatever the program did between them;
//   - accesses of one site at equal, larger distances become `strided` records.
// Short ranges side by side become one, as bytes count and not who touched how many of them in one go.
// What is left out stands in the trace with one of the call stacks it had, not with all of them. Each stack is told
// once for all that is left of a segment, as far as that is in chunks that are taken together. If a chunk is damaged
// later, what its segment's later chunks repeat goes with it.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/launch/call_tree.h"
#include "analyzer/launch/pending_records.h"
#include "runtime/trace/access_word.h"
#include "runtime/trace/delta_coalescer.h"
#include "runtime/trace/ring_layout.h"

namespace gordian::analysis {

class AccessReducer {
 public:
  AccessReducer();
  // Chunks of the stream follow.
  void begin(std::uint64_t stream);
  // The stream's next access chunk, and how many events come before it. The program may still write to `words`: each is
  // read once. From the first one on that no record can begin with, all are left as they are. False: there is one, and
  // no other chunk may be taken until end().
  bool take(std::uint64_t first_ordinal, const volatile std::uint64_t* words, std::size_t count);
  // What is left of the chunks since begin(), as one chunk; valid until the next begin(). It is seldom more than half
  // of their words; records that were cut where bitmaps end, each with others near by, may make it thrice as much.
  std::span<const std::uint64_t> end();
  // So many words are left for certain.
  [[nodiscard]] std::size_t size() const { return out_.size(); }
  // What was left so far may not have been stored: nothing counts as said any more.
  void forget();

 private:
  using Node = CallTree::Node;

  static constexpr std::size_t kOpen = 256;          // sites at once
  static constexpr std::size_t kKnown = 1024;        // accesses that are remembered, and
  static constexpr std::size_t kSaid = 32768;        // words of bitmaps that are remembered
  static constexpr std::size_t kShared = 4096;       // bitmaps that are pending and still found
  static constexpr std::size_t kSaidRanges = 4096;   // and other records
  static constexpr std::size_t kShifts = 4096;       // sites whose alignment is remembered
  static constexpr std::size_t kStreams = 256;       // whose segment may go on in another chunk
  static constexpr std::size_t kMostStacks = 32768;  // that are kept longer than they are needed
  static constexpr std::uint64_t kFewFarApart = 16;  // accesses at a larger distance that are worth a strided record
  // A bitmap is more work than a few accesses are: so many of a segment are written at once.
  static constexpr std::uint32_t kWrittenAtOnce = 32;
  static constexpr std::uint64_t kFarthest = 1 << 20;  // readers refuse what spans too much

  // Where a site goes on if it goes on as it did, and so many accesses that did, since the stack last changed.
  struct Open {
    std::uint64_t owner = 0;  // number of the stretch between two stacks << 16 | site
    std::uint64_t next = 0;
    std::uint64_t stride = 0;
    std::uint64_t count = 0;
  };
  // An access that was written at once.
  struct Known {
    std::uint64_t word = 0;
    std::uint64_t owner = 0;  // segment << 32 | function
  };
  // What was said of neighbours in a segment.
  struct Said {
    std::uint64_t key = 0;    // of them: memory, shift and site
    std::uint64_t owner = 0;  // as above
    std::uint64_t bits = 0;
    std::uint32_t turn = 0;     // of pending_, in which
    std::uint32_t pending = 0;  // this bitmap was the last one that told of them
  };
  // The same of a bitmap's whole memory.
  struct Shared {
    std::uint64_t key = 0;
    std::uint32_t turn = 0;
    std::uint32_t pending = 0;
  };
  // Accesses to address + (n << shift), for each bit n that is set, bits of one word of a bitmap.
  struct Neighbours {
    std::uint64_t site = 0;  // with kBitmapOfRanges
    std::uint64_t page = 0;  // number of such words before
    unsigned shift = 0;
    std::uint64_t bits = 0;
  };
  struct SaidRange {
    std::array<std::uint64_t, trace::kMostRangeWords> words{};
    std::uint64_t owner = 0;
  };
  // The latest of a stream.
  struct Segment {
    std::uint64_t stream = 0;
    std::uint64_t marker = 0;  // the word; 0: no segment
    std::uint32_t number = 0;
    std::uint32_t at_once = 0;  // accesses that are still to be written at once
  };

  // Each is read once.
  class Words {
   public:
    Words(const volatile std::uint64_t* words, std::size_t count) : at_(words), end_(words + count) {}
    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
    std::uint64_t take() { return *at_++; }

   private:
    const volatile std::uint64_t* at_;
    const volatile std::uint64_t* end_;
  };

  void take_access(std::uint64_t word);
  bool take_control(std::uint64_t word, Words& words);
  bool take_short(const std::array<std::uint64_t, trace::kMostRangeWords>& record);
  void take_marker(std::uint64_t word);
  bool take_stack(std::uint64_t word, Words& words);
  bool leave(std::uint64_t word);
  void settle(const Open& open);
  void settle_all();
  bool is_known(std::uint64_t word);
  // All of the site's addresses so far are multiples of 1 << shift, and so are these bits.
  unsigned shift_of(std::uint64_t site, std::uint64_t bits) {
    std::uint8_t& shift = shifts_[(site ^ stack_.function() * 61) % kShifts];
    const auto zeros = static_cast<unsigned>(std::countr_zero(bits));
    if (zeros < shift) {
      shift = static_cast<std::uint8_t>(zeros);
    }
    return shift;
  }
  Said& said(const Neighbours& which);
  static std::uint64_t key_of(std::uint64_t page, const Neighbours& which);
  void put(Said& said, const Neighbours& news);
  void put_access(std::uint64_t site, std::uint64_t address);
  void put_neighbours(std::uint64_t site, std::uint64_t address, unsigned shift, std::uint64_t count);
  void put_range(std::span<const std::uint64_t> words);
  PendingBitmap& pending(Said& said, const Neighbours& which);
  void write_all();
  void write_pending();
  void write_marker();
  void write_context();
  Node node();
  void note_owner();
  void begin_segment();
  void end_segment();
  static bool is_near(std::uint64_t stride);
  // Threads that do the same at the same time must not share places: the owner, which has the segment, counts as well.
  static std::size_t place_of(std::uint64_t words, std::uint64_t owner, std::size_t places) {
    const std::uint64_t key = (words * 0x9e3779b97f4a7c15u) ^ (owner * 0xd6e8feb86659fd93u);
    return static_cast<std::size_t>(key >> 40) & (places - 1);
  }

  std::vector<Open> open_;
  std::vector<std::uint16_t> used_;  // of open_
  std::uint64_t stretch_ = 1;
  std::vector<Known> known_;
  std::vector<Said> said_;
  std::vector<Shared> shared_;
  std::vector<SaidRange> said_ranges_;
  std::vector<std::uint8_t> shifts_;
  std::vector<Segment> segments_;
  std::uint64_t stream_ = 0;
  std::uint32_t segment_ = 0;       // number of the present one
  std::uint32_t last_segment_ = 0;  // highest number so far
  std::uint32_t at_once_ = 0;       // accesses of the present one that are still to be written at once
  std::uint64_t owner_ = 0;         // of accesses: segment << 32 | function

  trace::DeltaCoalescer<std::vector<std::uint64_t>> stack_;
  CallTree tree_;
  std::vector<Node> path_;  // of the outer frames of stack_, as far as anybody asked
  PendingRecords pending_;
  std::uint32_t turn_ = 1;            // of pending_: how often it was written
  std::vector<std::uint64_t> inner_;  // frames of the stack that is written

  bool is_first_ = true;  // chunk
  bool is_marker_due_ = false;
  std::uint64_t marker_ = 0;  // the word

  std::vector<std::uint64_t> out_;
};

}  // namespace gordian::analysis
