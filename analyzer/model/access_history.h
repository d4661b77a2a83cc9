// SPDX-License-Identifier: Apache-2.0
// Who touched which bytes, as far as it can still matter to a race: per granule of 8 bytes the latest access of each
// (actor, site, kind, bytes), and per page one such history for accesses that cover the whole page, so that a large
// range costs pages, not granules.
//
// A later access of an actor at the same site stands for the earlier ones: who is unordered with an earlier one is
// unordered with the latest, because times of one actor only grow. Hence all racy pairs of sites survive, not only the
// last writer (FastTrack, Flanagan and Freund 2009, keeps just that one).
// `all` and `writes` bound a history from above: one epoch that every access (write) in it happens before. Who knows it
// races with none of them, which is the usual case and needs no look at the entries.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "analyzer/model/epoch.h"
#include "analyzer/model/flat_map.h"
#include "analyzer/model/past_access.h"
#include "analyzer/model/step.h"
#include "analyzer/model/vector_clock.h"

namespace gordian::analysis {

class RaceSink {
 public:
  virtual ~RaceSink() = default;
  // Nothing orders the two on the bytes [address, address + size) that `bytes` marks; a whole page has bytes 0xff.
  virtual void race(const PastAccess& earlier, const PastAccess& later, std::uint64_t address, std::uint64_t size,
                    std::uint8_t bytes) = 0;
};

class AccessHistory {
 public:
  static constexpr std::uint64_t kGranule = 8;
  static constexpr std::uint64_t kPage = 1024;
  static constexpr std::size_t kSearched = 8;  // of a history, for an access to replace

  // Remembers in about `budget` bytes: memory that is touched for the first time after that is looked at no more.
  AccessHistory(RaceSink& sink, std::uint64_t budget) : sink_(sink), budget_(budget) {}

  // Reports every race of the access with an earlier one, then remembers it. `knows` is what its actor knows; its bytes
  // are set here.
  void access(PastAccess access, std::uint64_t address, std::uint64_t size, const VectorClock& knows);
  // The same of many, which differ from `common` in kind and site.
  void accesses(const PastAccess& common, std::span<const PlainAccess> accesses, const VectorClock& knows);
  // The memory is given back. Reports every race of that with an earlier access, and forgets those; a later access
  // races with it as with a write: anywhere in a block smaller than a page, in a larger one where it was touched
  // before.
  void end_life(PastAccess end, std::uint64_t address, std::uint64_t size, const VectorClock& knows);
  // The memory becomes another object: what was done to it before is over.
  void forget(std::uint64_t address, std::uint64_t size);
  // Accesses, or pages of them, for which there was no room.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  struct alignas(64) History {
    Epoch all;
    Epoch writes;
    PastAccesses past;
  };
  static_assert(sizeof(History) == 64);
  using Granules = std::array<History, kPage / kGranule>;
  struct Page {
    History whole;
    std::unique_ptr<Granules> granules;
  };
  // Where a history lies and what of it an access touches, for the report of a race.
  struct Extent {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    std::uint8_t bytes = 0;
  };

  static constexpr std::uint64_t kPageCost = sizeof(Page) + 160;  // with its place in the table, aligned as it is

  Page* page(std::uint64_t number);
  // Of an access to one granule, if it is in a page that was touched lately and nothing else need be looked at.
  [[nodiscard]] History* near(std::uint64_t address, std::uint64_t size);
  void fetch(std::uint64_t address) const;
  void fetch_list(std::uint64_t address) const;
  bool spend(std::uint64_t bytes);
  bool has_granules(Page& page);  // makes them if there is room
  void access_granules(Page& page, PastAccess& access, std::uint64_t begin, std::uint64_t end,
                       const VectorClock& knows);
  void access_page(Page& page, PastAccess& access, std::uint64_t address, const VectorClock& knows);
  template <class Visit>
  void visit_pages(std::uint64_t address, std::uint64_t size, const Visit& visit);
  void end_in(Page& page, PastAccess end, std::uint64_t base, std::uint64_t first, std::uint64_t last,
              const VectorClock& knows);
  bool check(const History& history, const PastAccess& access, const Extent& extent, const VectorClock& knows) const;
  void check_and_add(History& history, const PastAccess& access, const Extent& extent, const VectorClock& knows);
  void forget_in(Page& page, std::uint64_t begin, std::uint64_t end);
  static void begin_with(History& history, const PastAccess& end);
  static PastAccess* find_same(PastAccesses& past, const PastAccess& access);
  static void make_room(PastAccesses& past);

  RaceSink& sink_;
  std::uint64_t budget_;  // what is left of it
  std::uint64_t left_out_ = 0;
  StableMap<std::uint64_t, Page> pages_;
  // The pages of the latest accesses, each at its number modulo the size: code goes to and fro between a few.
  struct Recent {
    std::uint64_t number = ~std::uint64_t{0};
    Page* page = nullptr;
  };
  std::array<Recent, 256> recent_;
};

}  // namespace gordian::analysis
