// SPDX-License-Identifier: Apache-2.0
// For each granule of 8 bytes a cell, in pages; a page all of whose cells are equal is told by that one alone, so that
// a large range costs pages, not granules. Regions of pages are found by their number.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "analyzer/model/flat_map.h"
#include "analyzer/model/histories.h"

namespace gordian::analysis {

// A cell that is false is that of a granule which was never touched.
template <class Cell>
class ShadowOf {
 public:
  static constexpr std::uint64_t kGranule = 8;
  static constexpr std::uint64_t kPage = 1024;
  using Cells = std::array<Cell, kPage / kGranule>;

  struct Page {
    Cell all{};  // of every granule, if there are no cells
    std::unique_ptr<Cells> cells;

    [[nodiscard]] bool is_touched() const { return static_cast<bool>(all) || cells != nullptr; }
  };
  using Region = std::array<Page, 64>;
  static constexpr std::uint64_t kRegionBytes = kPage * 64;
  static constexpr std::uint64_t kRegionCost = sizeof(Region) + 64;  // with its place in the table

  // Bytes [begin, end) of a granule as bits.
  static constexpr std::uint8_t byte_bits(std::uint64_t begin, std::uint64_t end) {
    return static_cast<std::uint8_t>((1u << end) - (1u << begin));
  }

  // The granule at an address, if it is near others that were touched lately and has a cell.
  [[nodiscard]] Cell* near(std::uint64_t address) const {
    const std::uint64_t number = address / kRegionBytes;
    const Recent& recent = recent_[number % recent_.size()];
    if (recent.number != number) {
      return nullptr;
    }
    Cells* const cells = (*recent.region)[address / kPage % 64].cells.get();
    return cells != nullptr ? &(*cells)[address / kGranule % cells->size()] : nullptr;
  }

  // A look at memory that the cache does not hold costs more than all the rest. Of some accesses, from number `first`
  // on, finds the cells and has them in the cache soon: where near() knows one, and all that is touched lies in its
  // granule; else nullptr. where(number) gives address and size.
  template <class Where>
  void fetch_near(std::span<Cell*> cells, std::uint64_t first, const Where& where) const {
    for (Cell*& cell : cells) {
      const auto [address, size] = where(first++);
      cell = address % kGranule + size <= kGranule && size > 0 ? near(address) : nullptr;
      __builtin_prefetch(cell, 1);
    }
  }

  // nullptr: its region was never touched.
  Page* find(std::uint64_t page) {
    const std::uint64_t number = page / 64;
    Recent& recent = recent_[number % recent_.size()];
    if (recent.number != number) {
      Region* const found = regions_.find(number);
      if (found == nullptr) {
        return nullptr;
      }
      recent = {number, found};
    }
    return &(*recent.region)[page % 64];
  }
  Page& add(std::uint64_t page) { return regions_[page / 64][page % 64]; }

  // visit(number, page) for the touched pages from `first` to before `last`.
  template <class Visit>
  void visit_touched(std::uint64_t first, std::uint64_t last, const Visit& visit) {
    const auto visit_region = [&](std::uint64_t number, Region& region) {
      const std::uint64_t end = std::min(last, (number + 1) * 64);
      for (std::uint64_t page = std::max(first, number * 64); page < end; ++page) {
        if (region[page % 64].is_touched()) {
          visit(page, region[page % 64]);
        }
      }
    };
    if ((last - first) / 64 > regions_.size()) {
      regions_.for_each(visit_region);
      return;
    }
    for (std::uint64_t number = first / 64; number * 64 < last; ++number) {
      if (Region* const found = regions_.find(number)) {
        visit_region(number, *found);
      }
    }
  }
  // visit(cell) for all that are touched; it may change them.
  template <class Visit>
  void change_all(const Visit& visit) {
    regions_.for_each([&](std::uint64_t /*number*/, Region& region) {
      for (Page& page : region) {
        if (page.cells != nullptr) {
          std::for_each(page.cells->begin(), page.cells->end(), [&](Cell& cell) { cell ? visit(cell) : void(); });
        } else if (page.all) {
          visit(page.all);
        }
      }
    });
  }
  template <class See>
  void see_all(const See& see) const {
    regions_.for_each([&](std::uint64_t /*number*/, const Region& region) {
      for (const Page& page : region) {
        if (page.cells != nullptr) {
          std::for_each(page.cells->begin(), page.cells->end(), [&](const Cell& cell) { cell ? see(cell) : void(); });
        } else if (page.all) {
          see(page.all);
        }
      }
    });
  }

 private:
  // The regions of the latest accesses, each at its number modulo the size: code goes to and fro between a few.
  struct Recent {
    std::uint64_t number = ~std::uint64_t{0};
    Region* region = nullptr;
  };

  StableMap<std::uint64_t, Region> regions_;
  std::array<Recent, 256> recent_;
};

using Shadow = ShadowOf<HistoryId>;

}  // namespace gordian::analysis
