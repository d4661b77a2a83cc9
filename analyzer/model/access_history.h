// SPDX-License-Identifier: Apache-2.0
// Who touched which bytes, as far as it can still matter to a race: of each byte of a granule the latest access of each
// (actor, function, site, kind).
//
// A later access of an actor at the same site stands for the earlier ones: who is unordered with an earlier one is
// unordered with the latest, because times of one actor only grow. Hence all racy pairs of sites survive, not only the
// last writer (FastTrack, Flanagan and Freund 2009, keeps just that one).
//
// What that comes to is a value (histories.h), and an access a step from one value to the next. Most accesses do to a
// granule what has just been done to another, and are told by one look at the steps that were taken (next_histories.h).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "analyzer/model/access_tracker.h"
#include "analyzer/model/epoch.h"
#include "analyzer/model/histories.h"
#include "analyzer/model/mark.h"
#include "analyzer/model/next_histories.h"
#include "analyzer/model/shadow.h"

namespace gordian::analysis {

class RaceSink {
 public:
  virtual ~RaceSink() = default;
  // Nothing orders the two on the bytes [address, address + size) that `bytes` marks; a whole page has bytes 0xff.
  virtual void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
                    std::uint8_t bytes) = 0;
};

class AccessHistory : public AccessTracker {
 public:
  static constexpr std::uint64_t kGranule = Shadow::kGranule;
  static constexpr std::uint64_t kPage = Shadow::kPage;

  static constexpr std::uint64_t kMostBudget = Histories::kMostBytes / 4;

  // Remembers in about `budget` bytes, at most kMostBudget: memory that is touched for the first time after that is
  // looked at no more.
  AccessHistory(RaceSink& sink, std::uint64_t budget, Histories::Limits limits = {})
      : sink_(sink), budget_(std::min(budget, kMostBudget)), histories_(limits) {}

  // Reports every race of the access with an earlier one, then remembers it. Its bytes are set here.
  void elements(const PastAccess& access, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                std::uint64_t step, const VectorClock& knows) override;
  void accesses(const PastAccess& common, std::span<const PlainAccess> accesses, const VectorClock& knows) override;
  // Reports every race of that with an earlier access, and forgets those; a later access races with it as with a write:
  // anywhere in a block of a page at most, in a larger one where it was touched before.
  void end_life(const PastAccess& end, std::uint64_t address, std::uint64_t size, const VectorClock& knows) override;
  void forget(std::uint64_t address, std::uint64_t size) override;
  [[nodiscard]] std::uint64_t left_out() const override { return left_out_; }

 private:
  using Page = Shadow::Page;
  using Cells = Shadow::Cells;

  // Whose access it is, where, and when. What that one knows is not in it: between two releases it only grows, and who
  // raced with nothing does not when he knows more.
  struct Moment {
    PastAccess access;
    std::uint32_t who = 0;
    std::uint32_t number = 0;
  };
  // An access, all but its address.
  struct Now {
    Mark mark;
    const VectorClock& knows;
    std::uint32_t moment = 0;
    std::uint32_t actor = 0;
  };
  // Where a history lies, for the report of a race; more than a granule: of each of them.
  struct Extent {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
  };
  struct Verdict {
    bool is_ordered = false;  // after everything that was there
    bool is_race = false;
  };

  Now now(const PastAccess& access, const VectorClock& knows);
  void keep_house();
  void spend(std::uint64_t bytes) { budget_ -= std::min(budget_, bytes); }
  Page* page(std::uint64_t number);  // nullptr: no room
  bool has_cells(Page& page);        // makes them if there is room
  void make_cells(Page& page);

  template <class Where, class Tell>
  void take_in_turn(Now& now, std::uint64_t count, const Where& where, const Tell& tell);
  void look_back(std::uint64_t accesses, std::uint64_t anew);
  void touch(Now& now, std::uint64_t address, std::uint64_t size);
  void touch_part(Page& page, Now& now, std::uint64_t begin, std::uint64_t end);
  void touch_page(Page& page, Now& now, std::uint64_t address);
  // The granules from `address` on, each or every so many of them: often all of them have one history.
  void step_all(std::span<HistoryId> cells, const Now& now, std::uint64_t address, std::size_t every = 1);
  // Further apart, hardly two elements lie in one page.
  static constexpr std::uint64_t kNear = kPage / 4;
  [[nodiscard]] bool are_one_history(std::uint64_t address, std::uint64_t step) const;
  // Elements that lie in a granule each, all alike; `step` is a multiple of the granule, at most kNear.
  void touch_spread(Now& now, std::uint64_t address, std::uint64_t count, std::uint64_t step);
  // True if it is a race.
  bool step(HistoryId& cell, const Now& now, const Extent& extent);
  bool step_anew(HistoryId& cell, const Now& now, const Extent& extent, NextHistories::Step* place);
  HistoryId to_change(HistoryId id, bool needs_room);
  Verdict check(HistoryId id, const Now& now, const Extent& extent) const;
  void report(const Mark& past, const Now& now, const Extent& extent, std::uint8_t bytes) const;

  void end_in(Page& page, Now& end, std::uint64_t base, std::uint64_t first, std::uint64_t last);
  void forget_in(Page& page, std::uint64_t first, std::uint64_t last);
  void forget_bytes(HistoryId& cell, std::uint8_t gone);
  void forget_all(Page& page);
  void begin_with(HistoryId& cell, const Mark& end);
  HistoryId move(HistoryId id, std::size_t capacity);

  RaceSink& sink_;
  std::uint64_t budget_;  // what is left of it
  std::uint64_t left_out_ = 0;
  std::size_t granules_ = 0;  // that have a cell
  Whos whos_;
  Shadow shadow_;
  Histories histories_;
  NextHistories next_{histories_};
  std::array<Moment, 64> moments_;
  std::uint32_t last_moment_ = 0;
  std::uint64_t anew_ = 0;         // steps of late that were not remembered
  std::uint64_t owned_ = 0;        // steps of granules' own histories
  std::uint64_t lately_ = 0;       // accesses but for those
  std::uint64_t lately_anew_ = 0;  // such steps of theirs
  bool is_irregular_ = false;      // most of those before were such: what is remembered now is hardly needed again
  std::uint32_t passed_over_ = 0;  // steps meanwhile
};

}  // namespace gordian::analysis
