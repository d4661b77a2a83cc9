// SPDX-License-Identifier: Apache-2.0
// Memory that becomes another object, or nobody's.
#include <algorithm>

#include "analyzer/model/access_history.h"

namespace gordian::analysis {

void AccessHistory::forget(std::uint64_t address, std::uint64_t size) {
  if (size == 0) {
    return;
  }
  keep_house();
  const std::uint64_t end = address + size;
  shadow_.visit_touched(address / kPage, (end + kPage - 1) / kPage, [&](std::uint64_t number, Page& page) {
    const std::uint64_t base = number * kPage;
    forget_in(page, std::max(address, base) - base, std::min(end, base + kPage) - base);
  });
}

void AccessHistory::end_life(const PastAccess& end, std::uint64_t address, std::uint64_t size,
                             const VectorClock& knows) {
  if (size == 0) {
    return;
  }
  keep_house();
  if (size <= kPage) {  // it is worth to remember all of it
    for (const std::uint64_t at : {address, address + size - 1}) {
      if (Page* const touched = page(at / kPage)) {
        has_cells(*touched);
      }
    }
  }
  Now ends = now(end, knows);
  const std::uint64_t stop = address + size;
  shadow_.visit_touched(address / kPage, (stop + kPage - 1) / kPage, [&](std::uint64_t number, Page& page) {
    const std::uint64_t base = number * kPage;
    end_in(page, ends, base, std::max(address, base) - base, std::min(stop, base + kPage) - base);
  });
}

// Bytes [first, last) of the page at `base`.
void AccessHistory::end_in(Page& page, Now& end, std::uint64_t base, std::uint64_t first, std::uint64_t last) {
  const bool is_whole = last - first == kPage;
  if (is_whole && page.cells == nullptr) {
    end.mark.set_bytes(0xff);
    check(page.all, end, {base, kPage});
  } else if (page.cells == nullptr) {
    make_cells(page);
  }
  const auto each_granule = [&](const auto& visit) {
    for (std::uint64_t at = first; at < last && page.cells != nullptr;) {
      const std::uint64_t index = at / kGranule;
      const std::uint64_t stop = std::min(last, (index + 1) * kGranule);
      end.mark.set_bytes(Shadow::byte_bits(at - index * kGranule, stop - index * kGranule));
      visit((*page.cells)[index], Extent{base + index * kGranule, kGranule});
      at = stop;
    }
  };
  each_granule([&](HistoryId cell, const Extent& extent) { check(cell, end, extent); });
  forget_in(page, first, last);
  if (is_whole) {
    begin_with(page.all, end.mark);
    return;
  }
  HistoryId full;
  each_granule([&](HistoryId& cell, const Extent&) {
    const bool is_full = end.mark.bytes() == 0xff;
    if (!is_full || !full) {
      begin_with(cell, end.mark);
      full = is_full ? cell : full;
    } else {
      histories_.share(full);
      cell = full;
    }
  });
}

// The first of a life that has ended: nothing else is known of these bytes.
void AccessHistory::begin_with(HistoryId& cell, const Mark& end) {
  const bool is_alone = !cell;
  cell = to_change(cell, true);
  History& history = histories_.at(cell);
  history.push_back(end);
  history.all = history.writes = is_alone ? end.epoch : kNoEpoch;
}

// Forgets bytes [first, last) of a page.
void AccessHistory::forget_in(Page& page, std::uint64_t first, std::uint64_t last) {
  if (last - first == kPage) {
    forget_all(page);
    return;
  }
  if (page.cells == nullptr) {
    make_cells(page);
  }
  while (first < last) {
    const std::uint64_t index = first / kGranule;
    const std::uint64_t stop = std::min(last, (index + 1) * kGranule);
    forget_bytes((*page.cells)[index], Shadow::byte_bits(first - index * kGranule, stop - index * kGranule));
    first = stop;
  }
}

// Never in place: a step that was remembered may say that an access is in the history.
void AccessHistory::forget_bytes(HistoryId& cell, std::uint8_t gone) {
  if (cell && gone != 0xff) {
    cell = move(cell, histories_.at(cell).size);
    History& history = histories_.at(cell);
    for (Mark& past : history.past()) {
      past.set_bytes(static_cast<std::uint8_t>(past.bytes() & ~gone));
    }
    const auto removed = std::ranges::remove_if(history.past(), [](const Mark& past) { return past.bytes() == 0; });
    history.size -= static_cast<std::uint32_t>(removed.size());
    if (history.size > 0) {
      return;
    }
  }
  histories_.leave(cell);
  cell = {};
}

void AccessHistory::forget_all(Page& page) {
  if (page.cells != nullptr) {
    for (const HistoryId id : *page.cells) {
      histories_.leave(id);
    }
    granules_ -= sizeof(Cells) / sizeof(HistoryId);
    budget_ += sizeof(Cells);
  }
  histories_.leave(page.all);
  page = Page();
}

}  // namespace gordian::analysis
