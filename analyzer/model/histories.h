// SPDX-License-Identifier: Apache-2.0
// What can still matter of what was done to a granule, as values that many granules share: neighbours that went through
// the same accesses have the same history, and 4 bytes each say which.
//
// A history that one granule holds, and that no step leads to (next_histories.h), is that granule's own and is changed
// in place. Any other never changes. One that is shared stays until collect() finds that nobody has it.
// What is freed is not used again before recycle(): until then who remembers its number is not led astray.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "analyzer/model/history.h"
#include "runtime/base/ids.h"

namespace gordian::analysis {

using HistoryId = Id<struct HistoryTag, std::uint32_t>;  // none: nothing was done

class Histories {
 public:
  // Longer ones are shared by nobody: they would be copied for each access that is added.
  static constexpr std::size_t kMostShared = History::kShort;

  // How much is left lying, at least, before it is worth while to look for what nobody needs.
  struct Limits {
    std::size_t freed = 8192;
    std::size_t shared = 65536;
  };

  explicit Histories(Limits limits) : limits_(limits) {}

  // The number of a history, with a note that it is the granule's own: it is looked at at once.
  static HistoryId noted_own(HistoryId id) { return HistoryId(id.value | kOwn); }
  static bool is_noted_own(HistoryId id) { return id.value >= kOwn; }
  static HistoryId without_note(HistoryId id) { return HistoryId(id.value & ~kOwn); }

  [[nodiscard]] History& at(HistoryId id) const {
    const std::uint32_t unit = without_note(id).value;
    return *reinterpret_cast<History*>(&chunks_[unit / kChunk][unit % kChunk]);
  }

  // Has what is looked at first in the cache soon.
  void fetch(HistoryId id) const {
    const auto* const head = reinterpret_cast<const char*>(&at(id));
    for (std::size_t i = 0; i < 4; ++i) {
      __builtin_prefetch(head + i * sizeof(Unit), 1);
    }
  }

  // So many bytes of them can have numbers.
  static constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 31;

  // An empty one with room for at least so many accesses, which a granule holds.
  HistoryId add(std::size_t capacity);
  // More than one granule has it from now on.
  void share(HistoryId id);
  // A granule has it no more.
  void leave(HistoryId id);
  // No step leads to it any more.
  void unremember(HistoryId id);

  [[nodiscard]] bool wants_recycling() const { return freed_.size() >= limits_.freed; }
  [[nodiscard]] bool wants_collecting(std::size_t granules) const {
    return shared_.size() >= std::max({limits_.shared, 2 * kept_, granules / 8});
  }
  void recycle();
  // visit(see) calls see(id) for the history of every granule. Call it when nothing is remembered.
  template <class Visit>
  void collect(const Visit& visit) {
    visit([this](HistoryId id) {
      History& history = at(id);
      history.seen = static_cast<std::uint8_t>(history.is_shared ? std::min(history.seen + 1, 2) : 0);
    });
    sweep();
  }
  // Bytes that were taken for more histories since the last call.
  std::uint64_t take_growth() { return std::exchange(growth_, 0); }

 private:
  struct alignas(64) Unit {
    std::array<std::byte, 64> bytes;
  };
  static constexpr std::size_t kChunk = 1024;  // units

  static constexpr std::uint32_t kOwn = std::uint32_t{1} << 31;

  void free(HistoryId id);
  void sweep();

  const Limits limits_;
  std::vector<std::unique_ptr<Unit[]>> memory_;
  std::vector<Unit*> chunks_;
  std::size_t next_ = 0;                         // unit; 0: there is no chunk yet
  std::array<std::vector<HistoryId>, 32> free_;  // by the logarithm of their units
  std::vector<HistoryId> freed_;                 // and not recycled
  std::vector<HistoryId> shared_;                // all of them
  std::size_t kept_ = 0;                         // of those, by the last collection
  std::uint64_t growth_ = 0;
};

}  // namespace gordian::analysis
