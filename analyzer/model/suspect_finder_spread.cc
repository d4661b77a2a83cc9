// SPDX-License-Identifier: Apache-2.0
// Pages of which a few accesses are remembered, each with the memory that it touched: one actor's own, or what some
// read that one has written. One look at such a page is about as dear as one at a granule.
#include "analyzer/model/suspect_finder.h"

namespace gordian::analysis {

void SuspectFinder::footprint(const PastAccess& access, std::uint64_t page, const PageBits& bits,
                              const VectorClock& knows) {
  if (suspects_.are_all()) {
    return;
  }
  Now one = now(access, knows);
  Memory::Page* const touched = this->page(page / kPage);
  if (touched == nullptr) {
    return;
  }
  if (bits == PageBits::all()) {
    touch_page(*touched, one, page);
  } else {
    touch_bits(*touched, one, page, bits);
  }
}

void SuspectFinder::touch_bits(Memory::Page& page, Now& now, std::uint64_t address, const PageBits& bits) {
  now.halves = kBoth;
  if ((page.cells == nullptr && touch_spread(page, now, address, bits)) || !has_cells(page)) {
    return;
  }
  bits.visit([&](std::uint64_t begin, std::uint64_t end) { touch_in(page, now, address + begin, address + end); });
}

bool SuspectFinder::make_spread(Marks& all) {
  if (!pay(sizeof(Spread))) {
    return false;
  }
  Spread spread;
  for (std::size_t i = 0; i < all.of.size() && all.of[i] != 0; ++i) {
    spread.bits[i] = PageBits::halves(halves_of(all.of[i]));
    spread.marks[i] = with_both(all.of[i]);
  }
  if (free_spreads_.empty()) {
    spreads_.push_back(spread);
    free_spreads_.push_back(static_cast<std::uint32_t>(spreads_.size()));
  } else {
    spreads_[free_spreads_.back() - 1] = spread;
  }
  all = {{kSpread, free_spreads_.back()}};
  free_spreads_.pop_back();
  return true;
}

void SuspectFinder::drop_spread(Marks& all) {
  free_spreads_.push_back(all.of[1]);
  budget_ += sizeof(Spread);
  all = {};
}

void SuspectFinder::fill_cells(Memory::Cells& cells, Marks& all) {
  const Spread& spread = spread_of(all);
  for (std::size_t granule = 0; granule < cells.size(); ++granule) {
    for (std::size_t i = 0; i < spread.marks.size() && spread.marks[i] != 0; ++i) {
      if (const Halves halves = spread.bits[i].halves_of(granule); halves != 0) {
        put(cells[granule], without(spread.marks[i], kBoth & ~halves));
      }
    }
  }
  drop_spread(all);
}

// False: the page needs cells, and nothing was done.
bool SuspectFinder::touch_spread(Memory::Page& page, const Now& now, std::uint64_t address, const PageBits& bits) {
  if (page.all.are_many()) {
    return false;
  }
  if (!page.all.are_spread() && !make_spread(page.all)) {
    return true;
  }
  Spread& spread = spread_of(page.all);
  PageBits fresh = bits;
  for (std::size_t i = 0; i < spread.marks.size(); ++i) {
    if (covers(spread.marks[i], now)) {
      fresh -= spread.bits[i];
    }
  }
  if (!fresh.any()) {
    return true;
  }
  Spread kept;
  std::size_t count = 0;
  PageBits suspects;
  PageBits mine = fresh;
  for (std::size_t i = 0; i < spread.marks.size() && spread.marks[i] != 0; ++i) {
    const Mark past = spread.marks[i];
    PageBits rest = spread.bits[i];
    if (past == now.mark()) {
      mine |= rest;
      continue;
    }
    if (const PageBits common = rest & fresh; common.any()) {
      if (races_with(past, now)) {
        suspects |= common;
      }
      if (rest_of(past, now) == 0) {
        rest -= fresh;
      }
    }
    if (rest.any()) {
      kept.marks[count] = past;
      kept.bits[count++] = rest;
    }
  }
  if (count >= limits_.spread_marks) {
    return false;
  }
  kept.marks[count] = now.mark();
  kept.bits[count] = mine;
  spread = kept;
  suspects.visit([&](std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t at = begin / kGranule * kGranule; at < end; at += kGranule) {
      suspects_.add(address + at);
    }
  });
  return true;
}

void SuspectFinder::forget_bits(Marks& all, const PageBits& gone) {
  Spread& spread = spread_of(all);
  Spread kept;
  std::size_t count = 0;
  for (std::size_t i = 0; i < spread.marks.size() && spread.marks[i] != 0; ++i) {
    if (const PageBits rest = spread.bits[i] - gone; rest.any()) {
      kept.marks[count] = spread.marks[i];
      kept.bits[count++] = rest;
    }
  }
  spread = kept;
  if (count == 0) {
    drop_spread(all);
  }
}

}  // namespace gordian::analysis
