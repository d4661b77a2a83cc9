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
#include <unordered_map>
#include <vector>

#include "analyzer/model/epoch.h"
#include "analyzer/model/place.h"
#include "analyzer/model/vector_clock.h"
#include "runtime/base/ids.h"
#include "runtime/trace/site_table.h"

namespace gordian::analysis {

using LocksetId = Id<struct LocksetTag, std::uint32_t>;

// One side of a race, in 32 bytes.
struct PastAccess {
  std::uint32_t actor = 0;  // the caller's number of the actor
  Epoch epoch;
  FunctionId function{};  // innermost, with `site` the identity of the source place
  std::uint32_t site = 0;
  StackId stack{};
  LocksetId lockset{};
  trace::AccessKind kind = trace::AccessKind::read;
  std::uint8_t bytes = 0;  // of the granule, one bit each
};

constexpr bool writes(trace::AccessKind kind) {
  return kind == trace::AccessKind::write || kind == trace::AccessKind::atomic_write;
}
constexpr bool is_atomic(trace::AccessKind kind) {
  return kind == trace::AccessKind::atomic_read || kind == trace::AccessKind::atomic_write;
}
constexpr bool conflict(trace::AccessKind a, trace::AccessKind b) {
  return (writes(a) || writes(b)) && !(is_atomic(a) && is_atomic(b));
}

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

  explicit AccessHistory(RaceSink& sink) : sink_(sink) {}

  // Reports every race of the access with an earlier one, then remembers it. `knows` is what its actor knows; its bytes
  // are set here.
  void access(PastAccess access, std::uint64_t address, std::uint64_t size, const VectorClock& knows);
  // The memory becomes another object: what was done to it before is over.
  void forget(std::uint64_t address, std::uint64_t size);

 private:
  struct History {
    Epoch all;
    Epoch writes;
    std::vector<PastAccess> past;
    std::size_t compact_at = 16;
  };
  struct Page {
    History whole;
    std::unique_ptr<std::array<History, kPage / kGranule>> granules;
  };
  // Where a history lies and what of it an access touches, for the report of a race.
  struct Extent {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    std::uint8_t bytes = 0;
  };

  Page& page(std::uint64_t number);
  void access_granules(Page& page, PastAccess& access, std::uint64_t begin, std::uint64_t end,
                       const VectorClock& knows);
  void access_page(Page& page, PastAccess& access, std::uint64_t address, const VectorClock& knows);
  bool check(const History& history, const PastAccess& access, const Extent& extent, const VectorClock& knows) const;
  void check_and_add(History& history, const PastAccess& access, const Extent& extent, const VectorClock& knows);
  static void forget_in(Page& page, std::uint64_t begin, std::uint64_t end);
  static void compact(History& history);

  RaceSink& sink_;
  std::unordered_map<std::uint64_t, Page> pages_;
  std::uint64_t last_number_ = ~std::uint64_t{0};
  Page* last_page_ = nullptr;
};

}  // namespace gordian::analysis
