// SPDX-License-Identifier: Apache-2.0
// A first look at accesses, in 16 bytes for each granule or less: where there may be a race. Most programs have none,
// and then nobody needs to know which source places touched what, or which bytes of a granule. What it suspects is a
// superset of the granules with races; a second look at those (SuspectHistory) is exact.
//
// Of a granule it keeps marks: who touched which half of it when, and the kind of access: neighbours in an array of
// 4-byte numbers may be two actors' own. An access takes the place of one that happens before it, or is its actor's of
// the same moment, if it conflicts with all that that one conflicts with: who is unordered with the earlier is
// unordered with the later (the write epochs of FastTrack, Flanagan and Freund 2009). Unlike there reads are kept one
// by one, and an atomic access never stands for a plain one. A page with few marks has them once, each with the halves
// that it is of.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "analyzer/model/access_tracker.h"
#include "analyzer/model/shadow.h"
#include "analyzer/model/suspects.h"

namespace gordian::analysis {

class SuspectFinder : public AccessTracker {
 public:
  static constexpr int kSpanBits = 6;
  static constexpr std::uint32_t kMostSpread = 8;
  struct Limits {
    std::uint32_t few_spans = 1u << 16;        // have numbers before those that no granule has lose them
    std::uint32_t most_spans = 1u << 22;       // near so many in use everything is suspect
    std::uint32_t times = 1u << kSpanBits;     // in a span, at most
    std::uint32_t spread_marks = kMostSpread;  // of a page without cells, at most
  };

  // Remembers in about `budget` bytes; when they are used up everything is suspect.
  explicit SuspectFinder(std::uint64_t budget) : SuspectFinder(budget, Limits()) {}
  SuspectFinder(std::uint64_t budget, Limits limits)
      : budget_(budget), limits_(limits), most_spans_(limits.few_spans) {}

  [[nodiscard]] bool wants_places() const override { return false; }
  void elements(const PastAccess& access, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                std::uint64_t step, const VectorClock& knows) override;
  void accesses(const PastAccess& common, std::span<const PlainAccess> accesses, const VectorClock& knows) override;
  void footprint(const PastAccess& access, std::uint64_t page, const PageBits& bits, const VectorClock& knows) override;
  void end_life(const PastAccess& end, std::uint64_t address, std::uint64_t size, const VectorClock& knows) override;
  // Halves of granules of which it is only a part keep what they have.
  void forget(std::uint64_t address, std::uint64_t size) override;
  [[nodiscard]] std::uint64_t left_out() const override { return 0; }

  [[nodiscard]] const Suspects& suspects() const { return suspects_; }
  // After the last access.
  [[nodiscard]] const Suspects& sorted_suspects() {
    suspects_.sort();
    return suspects_;
  }
  // After the last access: gives back all memory but that of the suspects.
  void forget_all();

 private:
  // A moment << 4 | Halves << 2 | AccessKind; 0: none. A moment is the number of a span << kSpanBits | how long after
  // its begin.
  using Mark = std::uint32_t;
  // Of a granule: the lower one 1, the upper one 2.
  using Halves = std::uint32_t;
  static constexpr Halves kBoth = 3;
  // Times of a slot, one after the other: the table of them stays in the cache.
  struct Span {
    Slot slot = 0;
    Time begin = 0;
  };
  static constexpr Mark kMany = ~Mark{0};
  static constexpr Mark kSpread = kMany - 1;

  // Of a granule, in no order, the free places last. If they do not fit, {kMany, place in many_ + 1}. Of a page that
  // has marks of some of its memory alone, {kSpread, place in spreads_ + 1}.
  struct Marks {
    std::array<Mark, 4> of{};
    explicit operator bool() const { return of[0] != 0; }
    [[nodiscard]] bool are_many() const { return of[0] == kMany; }
    [[nodiscard]] bool are_spread() const { return of[0] == kSpread; }
    friend bool operator==(const Marks&, const Marks&) = default;
  };
  // Marks of both halves, the free places last, and where in the page.
  struct Spread {
    std::array<Mark, kMostSpread> marks{};
    std::array<PageBits, kMostSpread> bits{};
  };
  struct Many {
    std::vector<Mark> writes;
    std::vector<Mark> reads;
  };
  using Memory = ShadowOf<Marks>;
  static constexpr std::uint64_t kGranule = Memory::kGranule;
  static constexpr std::uint64_t kPage = Memory::kPage;

  struct Now {
    std::uint32_t moment = 0;
    trace::AccessKind kind = trace::AccessKind::read;
    Halves halves = kBoth;
    const VectorClock& knows;

    [[nodiscard]] Mark mark(trace::AccessKind as, Halves of) const {
      return moment << 4 | of << 2 | static_cast<Mark>(as);
    }
    [[nodiscard]] Mark mark() const { return mark(kind, halves); }
    // Those that bytes [begin, end) of a granule touch.
    void set_bytes(std::uint64_t begin, std::uint64_t end) { halves = (begin < 4 ? 1u : 0u) | (end > 4 ? 2u : 0u); }
  };
  struct Extent {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
  };

  static trace::AccessKind kind_of(Mark mark) { return static_cast<trace::AccessKind>(mark & 3); }
  static Halves halves_of(Mark mark) { return mark >> 2 & 3; }
  static Mark with_both(Mark mark) { return mark | kBoth << 2; }
  static Mark without(Mark mark, Halves gone) { return mark & ~(gone << 2); }
  static std::uint32_t span_of(Mark mark) { return mark >> (4 + kSpanBits); }
  [[nodiscard]] Epoch epoch_of(Mark mark) const {
    const Span& span = spans_[span_of(mark)];
    return {span.slot, span.begin + (mark >> 4 & ((1u << kSpanBits) - 1))};
  }
  Now now(const PastAccess& access, const VectorClock& knows);
  void renumber_spans();
  bool pay(std::uint64_t bytes);  // false: everything is suspect
  static std::uint64_t cost_of(const Many& many);
  Memory::Page* page(std::uint64_t number);  // nullptr: no room
  bool has_cells(Memory::Page& page);        // makes them if there is room

  // They return whether there may be a race.
  bool touch(Marks& marks, const Now& now);
  bool touch_anew(Marks& marks, const Now& now);
  bool touch_many(Marks& marks, const Now& now);
  // Nothing: one of them stands for the access. Otherwise whether there may be a race; leaves out what it stands for.
  [[nodiscard]] std::optional<bool> meet(std::vector<Mark>& marks, const Now& now) const;
  [[nodiscard]] bool is_known(Mark mark, const Now& now) const;
  static bool covers(Mark past, const Now& now);
  [[nodiscard]] bool races_with(Mark past, const Now& now) const;
  // What is left of it when the access has taken the place of what it stands for; 0: nothing.
  [[nodiscard]] Mark rest_of(Mark past, const Now& now) const;
  void make_many(Marks& marks, Mark more);
  void put(Marks& marks, Mark more);
  void copy_many(Marks& marks);
  void drop(Marks& marks);
  void drop_halves(Marks& marks, Halves gone);
  void tidy(std::vector<Mark>& marks) const;

  template <class Where, class Tell>
  void take_in_turn(Now& now, std::uint64_t count, const Where& where, const Tell& tell);
  void touch_bytes(Now& now, std::uint64_t begin, std::uint64_t end);
  void touch_elements(Memory::Page& page, Now& now, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                      std::uint64_t step);
  void touch_page(Memory::Page& page, Now& now, std::uint64_t address);
  void touch_in(Memory::Page& page, Now& now, std::uint64_t begin, std::uint64_t end);
  // Every so many of the cells, the first one that of `address`.
  void touch_all(std::span<Marks> cells, const Now& now, std::uint64_t address, std::size_t every = 1);
  void forget_in(Memory::Page& page, std::uint64_t first, std::uint64_t last);

  Spread& spread_of(const Marks& all) { return spreads_[all.of[1] - 1]; }
  bool make_spread(Marks& all);  // of marks that are of the whole page; false: no room
  void drop_spread(Marks& all);
  void fill_cells(Memory::Cells& cells, Marks& all);
  bool touch_spread(Memory::Page& page, const Now& now, std::uint64_t address, const PageBits& bits);
  void touch_bits(Memory::Page& page, Now& now, std::uint64_t address, const PageBits& bits);
  void forget_bits(Marks& all, const PageBits& gone);

  std::uint64_t budget_;  // what is left of it
  const Limits limits_;
  std::uint32_t most_spans_;
  std::vector<Span> spans_{Span()};      // by number, from 1
  std::vector<std::uint32_t> presents_;  // the latest of each slot; 0: none
  Memory memory_;
  std::vector<Many> many_;
  std::vector<std::uint32_t> free_many_;
  std::deque<Spread> spreads_;
  std::vector<std::uint32_t> free_spreads_;
  Suspects suspects_;
};

}  // namespace gordian::analysis
