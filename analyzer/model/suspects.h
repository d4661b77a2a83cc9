// SPDX-License-Identifier: Apache-2.0
// A set of granules: those that may have a race.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>

#include "analyzer/model/flat_map.h"
#include "analyzer/model/shadow.h"

namespace gordian::analysis {

class Suspects {
 public:
  static constexpr std::uint64_t kGranule = Shadow::kGranule;
  static constexpr std::uint64_t kPage = Shadow::kPage;

  [[nodiscard]] bool empty() const { return pages_.size() == 0 && !all_; }
  // Every granule there is: no other needs to be added.
  void add_all() { all_ = true; }
  [[nodiscard]] bool are_all() const { return all_; }
  void add(std::uint64_t address) { pages_[address / kPage].set(address % kPage / kGranule); }
  void add_page(std::uint64_t address) { pages_[address / kPage].set(); }

  // Whether a granule of [address, address + size) is one of them.
  [[nodiscard]] bool has_any(std::uint64_t address, std::uint64_t size) const {
    bool found = all_;
    visit(address, size, [&](std::uint64_t /*granule*/) { found = true; });
    return found;
  }
  // visit(address) for each granule of [address, address + size) that was added; pages in no order.
  template <class Visit>
  void visit(std::uint64_t address, std::uint64_t size, const Visit& visit) const {
    if (size == 0) {
      return;
    }
    const std::uint64_t first = address / kPage;
    const std::uint64_t last = (address + size - 1) / kPage;
    if (last - first < pages_.size()) {
      for (std::uint64_t page = first; page <= last; ++page) {
        if (const Granules* const found = pages_.find(page)) {
          visit_page(page, *found, address, size, visit);
        }
      }
      return;
    }
    pages_.for_each([&](std::uint64_t page, const Granules& granules) {
      if (page >= first && page <= last) {
        visit_page(page, granules, address, size, visit);
      }
    });
  }

 private:
  using Granules = std::bitset<kPage / kGranule>;

  template <class Visit>
  static void visit_page(std::uint64_t page, const Granules& granules, std::uint64_t address, std::uint64_t size,
                         const Visit& visit) {
    const std::uint64_t base = page * kPage;
    const std::uint64_t begin = std::max(address, base) - base;
    const std::uint64_t end = std::min(address + size, base + kPage) - base;
    for (std::uint64_t i = begin / kGranule; i * kGranule < end; ++i) {
      if (granules[i]) {
        visit(base + i * kGranule);
      }
    }
  }

  FlatMap<std::uint64_t, Granules> pages_;
  bool all_ = false;
};

}  // namespace gordian::analysis
