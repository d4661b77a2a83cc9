// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/access_history.h"

#include <algorithm>
#include <tuple>

namespace gordian::analysis {
namespace {

// Bytes [begin, end) of a granule as bits.
std::uint8_t byte_bits(std::uint64_t begin, std::uint64_t end) {
  return static_cast<std::uint8_t>((1u << end) - (1u << begin));
}

auto key(const PastAccess& access) {
  return std::tuple(access.actor, access.function, access.site, access.kind, access.bytes);
}

}  // namespace

AccessHistory::Page& AccessHistory::page(std::uint64_t number) {
  if (number != last_number_) {
    last_page_ = &pages_[number];
    last_number_ = number;
  }
  return *last_page_;
}

void AccessHistory::access(PastAccess access, std::uint64_t address, std::uint64_t size, const VectorClock& knows) {
  const std::uint64_t end = address + size;
  while (address < end) {
    const std::uint64_t number = address / kPage;
    const std::uint64_t stop = std::min(end, (number + 1) * kPage);
    if (stop - address == kPage) {
      access_page(page(number), access, address, knows);
    } else {
      access_granules(page(number), access, address, stop, knows);
    }
    address = stop;
  }
}

void AccessHistory::access_granules(Page& page, PastAccess& access, std::uint64_t begin, std::uint64_t end,
                                    const VectorClock& knows) {
  if (!page.granules) {
    page.granules = std::make_unique<std::array<History, kPage / kGranule>>();
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
  constexpr std::size_t kRecent = 4;
  const std::size_t oldest = history.past.size() > kRecent ? history.past.size() - kRecent : 0;
  PastAccess* same = nullptr;
  for (std::size_t i = history.past.size(); i-- > oldest && same == nullptr;) {
    same = key(history.past[i]) == key(access) ? &history.past[i] : nullptr;
  }
  if (same != nullptr && same->epoch == access.epoch) {
    return;  // what races with this access races with the remembered one
  }
  const bool ordered = check(history, access, extent, knows);
  if (same != nullptr) {
    *same = access;
  } else {
    history.past.push_back(access);
  }
  history.all = ordered ? access.epoch : kNoEpoch;
  if (writes(access.kind) || history.writes == kNoEpoch) {
    history.writes = history.all;
  }
  if (history.past.size() >= history.compact_at) {
    compact(history);
  }
}

// Keeps the latest of each key, in the order in which they came.
void AccessHistory::compact(History& history) {
  std::vector<PastAccess>& past = history.past;
  std::vector<std::uint32_t> order(past.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(key(past[a]), b) < std::tuple(key(past[b]), a);  // latest first
  });
  order.erase(std::unique(order.begin(), order.end(),
                          [&](std::uint32_t a, std::uint32_t b) { return key(past[a]) == key(past[b]); }),
              order.end());
  std::sort(order.begin(), order.end());
  std::vector<PastAccess> kept;
  kept.reserve(order.size() * 2);
  for (const std::uint32_t index : order) {
    kept.push_back(past[index]);
  }
  past = std::move(kept);
  history.compact_at = std::max<std::size_t>(16, past.size() * 2);
}

void AccessHistory::forget(std::uint64_t address, std::uint64_t size) {
  const std::uint64_t end = address + size;
  const std::uint64_t first = address / kPage;
  const std::uint64_t last = (end + kPage - 1) / kPage;
  const auto forget_page = [&](std::uint64_t number, Page& page) {
    forget_in(page, std::max(address, number * kPage) - number * kPage,
              std::min(end, (number + 1) * kPage) - number * kPage);
  };
  if (last - first > pages_.size()) {
    for (auto& [number, page] : pages_) {
      if (number >= first && number < last) {
        forget_page(number, page);
      }
    }
    return;
  }
  for (std::uint64_t number = first; number < last; ++number) {
    if (const auto found = pages_.find(number); found != pages_.end()) {
      forget_page(number, found->second);
    }
  }
}

// Forgets bytes [begin, end) of a page. What covered the whole page then covers the rest of it only.
void AccessHistory::forget_in(Page& page, std::uint64_t begin, std::uint64_t end) {
  if (end - begin == kPage) {
    page = Page();
    return;
  }
  if (!page.whole.past.empty()) {
    if (!page.granules) {
      page.granules = std::make_unique<std::array<History, kPage / kGranule>>();
    }
    for (History& granule : *page.granules) {
      granule.past.insert(granule.past.end(), page.whole.past.begin(), page.whole.past.end());
      granule.all = granule.writes = kNoEpoch;
    }
    page.whole = History();
  }
  for (std::uint64_t at = begin; page.granules && at < end;) {
    const std::uint64_t index = at / kGranule;
    const std::uint64_t stop = std::min(end, (index + 1) * kGranule);
    const std::uint8_t gone = byte_bits(at - index * kGranule, stop - index * kGranule);
    std::vector<PastAccess>& past = (*page.granules)[index].past;
    for (PastAccess& access : past) {
      access.bytes = static_cast<std::uint8_t>(access.bytes & ~gone);
    }
    std::erase_if(past, [](const PastAccess& access) { return access.bytes == 0; });
    at = stop;
  }
}

}  // namespace gordian::analysis
