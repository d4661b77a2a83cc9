// SPDX-License-Identifier: Apache-2.0
// A set of granules: those that may have a race.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <vector>

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
  // After the last one is added, before anything below is asked.
  void sort() {
    order_.clear();
    pages_.for_each([this](std::uint64_t page, const Granules& /*granules*/) { order_.push_back(page); });
    std::ranges::sort(order_);
  }

  // Whether a granule of [address, address + size) is one of them.
  [[nodiscard]] bool has_any(std::uint64_t address, std::uint64_t size) const {
    if (all_ || size == 0) {
      return size != 0;
    }
    if (address / kGranule == (address + size - 1) / kGranule) {
      const Granules* const found = pages_.find(address / kPage);
      return found != nullptr && (*found)[address % kPage / kGranule];
    }
    bool found = false;
    visit(address, size, [&](std::uint64_t /*begin*/, std::uint64_t /*end*/) { found = true; });
    return found;
  }
  // visit(begin, end) for the parts of [address, address + size) that were added, in their order, neighbours as one.
  template <class Visit>
  void visit(std::uint64_t address, std::uint64_t size, const Visit& visit) const {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;  // of what was found last
    const std::uint64_t stop = address + size;
    for (auto page = std::ranges::lower_bound(order_, address / kPage); page != order_.end() && *page * kPage < stop;
         ++page) {
      const Granules& granules = *pages_.find(*page);
      for (std::uint64_t i = 0; i < granules.size(); ++i) {
        const std::uint64_t from = std::max(*page * kPage + i * kGranule, address);
        const std::uint64_t to = std::min(*page * kPage + (i + 1) * kGranule, stop);
        if (!granules[i] || from >= to) {
          continue;
        }
        if (from != end) {
          begin < end ? visit(begin, end) : void();
          begin = from;
        }
        end = to;
      }
    }
    begin < end ? visit(begin, end) : void();
  }

 private:
  using Granules = std::bitset<kPage / kGranule>;

  FlatMap<std::uint64_t, Granules> pages_;
  std::vector<std::uint64_t> order_;
  bool all_ = false;
};

}  // namespace gordian::analysis
