// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/access_history.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

namespace gordian::analysis {
namespace {

// Bytes [begin, end) of a granule as bits.
std::uint8_t byte_bits(std::uint64_t begin, std::uint64_t end) {
  return static_cast<std::uint8_t>((1u << end) - (1u << begin));
}

}  // namespace

bool AccessHistory::spend(std::uint64_t bytes) {
  if (budget_ < bytes) {
    ++left_out_;
    return false;
  }
  budget_ -= bytes;
  return true;
}

AccessHistory::Page* AccessHistory::page(std::uint64_t number) {
  Recent& recent = recent_[number % recent_.size()];
  if (recent.number != number) {
    Page* const found = pages_.find(number);
    if (found == nullptr && !spend(kPageCost)) {
      return nullptr;
    }
    recent = {number, found != nullptr ? found : &pages_[number]};
  }
  return recent.page;
}

void AccessHistory::access(PastAccess access, std::uint64_t address, std::uint64_t size, const VectorClock& knows) {
  const std::uint64_t end = address + size;
  while (address < end) {
    const std::uint64_t number = address / kPage;
    const std::uint64_t stop = std::min(end, (number + 1) * kPage);
    if (Page* touched = page(number)) {
      stop - address == kPage ? access_page(*touched, access, address, knows)
                              : access_granules(*touched, access, address, stop, knows);
    }
    address = stop;
  }
}

// A look at memory that the cache does not hold costs more than all the rest: it is asked for while earlier accesses
// are dealt with.
void AccessHistory::accesses(const PastAccess& common, std::span<const PlainAccess> accesses,
                             const VectorClock& knows) {
  constexpr std::size_t kAhead = 8;
  PastAccess access = common;
  for (std::size_t i = 0; i < accesses.size(); ++i) {
    const PlainAccess& one = accesses[i];
    if (i + kAhead < accesses.size()) {
      fetch(accesses[i + kAhead].address);
      fetch_list(accesses[i + kAhead / 2].address);
    }
    access.site = one.site;
    access.kind = one.kind;
    if (History* const history = near(one.address, one.size)) {
      access.bytes = byte_bits(one.address % kGranule, one.address % kGranule + one.size);
      check_and_add(*history, access, {one.address / kGranule * kGranule, kGranule, access.bytes}, knows);
    } else {
      this->access(access, one.address, one.size, knows);
    }
  }
}

AccessHistory::History* AccessHistory::near(std::uint64_t address, std::uint64_t size) {
  const Recent& recent = recent_[address / kPage % recent_.size()];
  const bool is_one = address % kGranule + size <= kGranule && size > 0;
  if (!is_one || recent.number != address / kPage || recent.page->whole.past.size() > 0 ||
      recent.page->granules == nullptr) {
    return nullptr;
  }
  return &(*recent.page->granules)[address % kPage / kGranule];
}

void AccessHistory::fetch(std::uint64_t address) const {
  const Recent& recent = recent_[address / kPage % recent_.size()];
  if (recent.number == address / kPage && recent.page->granules != nullptr) {
    __builtin_prefetch(&(*recent.page->granules)[address % kPage / kGranule], 1);
  }
}

void AccessHistory::fetch_list(std::uint64_t address) const {
  const Recent& recent = recent_[address / kPage % recent_.size()];
  if (recent.number == address / kPage && recent.page->granules != nullptr) {
    (*recent.page->granules)[address % kPage / kGranule].past.fetch();
  }
}

bool AccessHistory::has_granules(Page& page) {
  if (!page.granules && spend(sizeof(Granules))) {
    page.granules = std::make_unique<Granules>();
  }
  return page.granules != nullptr;
}

void AccessHistory::access_granules(Page& page, PastAccess& access, std::uint64_t begin, std::uint64_t end,
                                    const VectorClock& knows) {
  if (!has_granules(page)) {
    return;
  }
  while (begin < end) {
    const std::uint64_t granule = begin / kGranule * kGranule;
    const std::uint64_t stop = std::min(end, granule + kGranule);
    access.bytes = byte_bits(begin - granule, stop - granule);
    const Extent extent{granule, kGranule, access.bytes};
    check(page.whole, access, extent, knows);
    check_and_add((*page.granules)[granule % kPage / kGranule], access, extent, knows);
    begin = stop;
  }
}

void AccessHistory::access_page(Page& page, PastAccess& access, std::uint64_t address, const VectorClock& knows) {
  access.bytes = 0xff;
  for (std::uint64_t i = 0; page.granules && i < page.granules->size(); ++i) {
    check((*page.granules)[i], access, {address + i * kGranule, kGranule, 0xff}, knows);
  }
  check_and_add(page.whole, access, {address, kPage, 0xff}, knows);
}

// Reports the races with a history; true if everything in it happens before the access.
bool AccessHistory::check(const History& history, const PastAccess& access, const Extent& extent,
                          const VectorClock& knows) const {
  if (knows.knows(history.all)) {
    return true;
  }
  if (!writes(access.kind) && knows.knows(history.writes)) {
    return false;
  }
  bool ordered = true;
  for (const PastAccess& past : history.past) {
    if (knows.knows(past.epoch)) {
      continue;
    }
    ordered = false;
    const auto shared = static_cast<std::uint8_t>(past.bytes & access.bytes);
    if (shared != 0 && past.actor != access.actor && conflict(past.kind, access.kind)) {
      sink_.race(past, access, extent.address, extent.size, shared);
    }
  }
  return ordered;
}

void AccessHistory::check_and_add(History& history, const PastAccess& access, const Extent& extent,
                                  const VectorClock& knows) {
  PastAccess* same = find_same(history.past, access);
  if (same != nullptr && same->epoch == access.epoch) {
    return;  // what races with this access races with the remembered one
  }
  const bool ordered = check(history, access, extent, knows);
  if (same != nullptr) {
    *same = access;
  } else {
    if (history.past.full()) {
      make_room(history.past);
    }
    history.past.push_back(access);
  }
  history.all = ordered ? access.epoch : kNoEpoch;
  if (writes(access.kind) || history.writes == kNoEpoch) {
    history.writes = history.all;
  }
}

// The latest access of the same key, if it is in a list that is short, or near the end of a long one.
PastAccess* AccessHistory::find_same(PastAccesses& past, const PastAccess& access) {
  const auto key = access.key();
  const std::size_t oldest = past.size() > kSearched ? past.size() - kSearched : 0;
  PastAccess* const first = past.begin() + oldest;
  for (PastAccess* at = past.end(); at != first;) {
    if ((--at)->key() == key) {
      return at;
    }
  }
  return nullptr;
}

// For one more access, in a list that is full. A list longer than what find_same() searches may hold a key twice, and
// so may any after a part of the memory was forgotten: keeps the latest of each, in the order in which they came. Which
// is the latest the times say, not the places in the list.
void AccessHistory::make_room(PastAccesses& past) {
  if (past.size() <= kSearched) {
    past.reserve(past.size() * 2);
    return;
  }
  PastAccess* const all = past.begin();
  std::vector<std::uint32_t> order(past.size());
  std::iota(order.begin(), order.end(), 0);
  const auto who = [&](std::uint32_t i) { return std::tuple(all[i].key(), all[i].epoch.slot); };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(who(a), all[b].epoch.time, b) < std::tuple(who(b), all[a].epoch.time, a);  // latest first
  });
  order.erase(
      std::unique(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return who(a) == who(b); }),
      order.end());
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    all[i] = all[order[i]];  // order[i] is never before i
  }
  past.truncate(order.size());
  past.reserve(order.size() * 2);
}

// Those that are remembered, each with the part [first, last) of it that lies in the range.
template <class Visit>
void AccessHistory::visit_pages(std::uint64_t address, std::uint64_t size, const Visit& visit) {
  if (size == 0) {
    return;
  }
  const std::uint64_t end = address + size;
  const std::uint64_t first = address / kPage;
  const std::uint64_t last = (end + kPage - 1) / kPage;
  const auto part = [&](std::uint64_t number, Page& page) {
    const std::uint64_t base = number * kPage;
    visit(page, base, std::max(address, base) - base, std::min(end, base + kPage) - base);
  };
  if (last - first > pages_.size()) {
    pages_.for_each([&](std::uint64_t number, Page& page) {
      if (number >= first && number < last) {
        part(number, page);
      }
    });
    return;
  }
  for (std::uint64_t number = first; number < last; ++number) {
    if (Page* const found = pages_.find(number)) {
      part(number, *found);
    }
  }
}

void AccessHistory::forget(std::uint64_t address, std::uint64_t size) {
  visit_pages(address, size, [this](Page& page, std::uint64_t /*base*/, std::uint64_t first, std::uint64_t last) {
    forget_in(page, first, last);
  });
}

void AccessHistory::end_life(PastAccess end, std::uint64_t address, std::uint64_t size, const VectorClock& knows) {
  if (size > 0 && size < kPage) {  // it is worth to remember all of it
    for (const std::uint64_t at : {address, address + size - 1}) {
      if (Page* const touched = page(at / kPage)) {
        has_granules(*touched);
      }
    }
  }
  visit_pages(address, size, [&](Page& page, std::uint64_t base, std::uint64_t first, std::uint64_t last) {
    end_in(page, end, base, first, last, knows);
  });
}

// Bytes [first, last) of the page at `base`.
void AccessHistory::end_in(Page& page, PastAccess end, std::uint64_t base, std::uint64_t first, std::uint64_t last,
                           const VectorClock& knows) {
  const bool is_whole = last - first == kPage;
  const auto each_granule = [&](const auto& visit) {
    for (std::uint64_t at = first; at < last;) {
      const std::uint64_t index = at / kGranule;
      const std::uint64_t stop = std::min(last, (index + 1) * kGranule);
      end.bytes = byte_bits(at - index * kGranule, stop - index * kGranule);
      visit(index, Extent{base + index * kGranule, kGranule, end.bytes});
      at = stop;
    }
  };
  each_granule([&](std::uint64_t index, const Extent& extent) {
    if (page.granules) {
      check((*page.granules)[index], end, extent, knows);
    }
  });
  end.bytes = 0xff;
  check(page.whole, end, is_whole ? Extent{base, kPage, 0xff} : Extent{base + first, last - first, 0xff}, knows);
  forget_in(page, first, last);
  if (is_whole) {
    begin_with(page.whole, end);
  } else if (page.granules) {
    each_granule([&](std::uint64_t index, const Extent&) { begin_with((*page.granules)[index], end); });
  }
}

// The first of a life that has ended: nothing else is known of these bytes.
void AccessHistory::begin_with(History& history, const PastAccess& end) {
  const bool is_alone = history.past.size() == 0;
  if (history.past.full()) {
    make_room(history.past);
  }
  history.past.push_back(end);
  history.all = history.writes = is_alone ? end.epoch : kNoEpoch;
}

// Forgets bytes [begin, end) of a page. What covered the whole page then covers the rest of it only.
void AccessHistory::forget_in(Page& page, std::uint64_t begin, std::uint64_t end) {
  if (end - begin == kPage) {
    budget_ += page.granules ? sizeof(Granules) : 0;
    page = Page();
    return;
  }
  if (page.whole.past.size() > 0) {
    if (!page.granules) {
      budget_ -= std::min<std::uint64_t>(budget_, sizeof(Granules));
      page.granules = std::make_unique<Granules>();
    }
    for (History& granule : *page.granules) {
      granule.past.reserve(granule.past.size() + page.whole.past.size());
      for (const PastAccess& access : page.whole.past) {
        granule.past.push_back(access);
      }
      granule.all = granule.writes = kNoEpoch;
    }
    page.whole = History();
  }
  for (std::uint64_t at = begin; page.granules && at < end;) {
    const std::uint64_t index = at / kGranule;
    const std::uint64_t stop = std::min(end, (index + 1) * kGranule);
    const std::uint8_t gone = byte_bits(at - index * kGranule, stop - index * kGranule);
    PastAccesses& past = (*page.granules)[index].past;
    for (PastAccess& access : past) {
      access.bytes = static_cast<std::uint8_t>(access.bytes & ~gone);
    }
    const PastAccess* const left =
        std::remove_if(past.begin(), past.end(), [](const PastAccess& access) { return access.bytes == 0; });
    past.truncate(static_cast<std::size_t>(left - past.begin()));
    at = stop;
  }
}

}  // namespace gordian::analysis
