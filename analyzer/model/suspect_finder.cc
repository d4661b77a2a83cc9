// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/suspect_finder.h"

#include <algorithm>

namespace gordian::analysis {

using trace::AccessKind;

SuspectFinder::Now SuspectFinder::now(const PastAccess& access, const VectorClock& knows) {
  if (spans_.size() > most_spans_) {
    renumber_spans();
  }
  const Epoch& epoch = access.epoch;
  if (epoch.slot >= presents_.size()) {
    presents_.resize(epoch.slot + std::size_t{1});
  }
  std::uint32_t& present = presents_[epoch.slot];
  const bool goes_on =
      present != 0 && spans_[present].begin <= epoch.time && epoch.time - spans_[present].begin < limits_.times;
  if (!goes_on) {
    present = static_cast<std::uint32_t>(spans_.size());
    spans_.push_back({epoch.slot, epoch.time});
  }
  return {.moment = present << kSpanBits | (epoch.time - spans_[present].begin), .kind = access.kind, .knows = knows};
}

// Those that somebody has, one behind the other.
void SuspectFinder::renumber_spans() {
  std::vector<std::uint32_t> numbers(spans_.size());
  const auto each = [&](const auto& visit) {
    memory_.change_all([&](Marks& marks) {
      if (marks.are_spread()) {
        std::ranges::for_each(spread_of(marks).marks, visit);
      } else if (!marks.are_many()) {
        std::ranges::for_each(marks.of, visit);
      }
    });
    for (Many& many : many_) {
      std::ranges::for_each(many.writes, visit);
      std::ranges::for_each(many.reads, visit);
    }
  };
  each([&](Mark& mark) { numbers[span_of(mark)] = 1; });
  numbers[0] = 0;
  std::uint32_t last = 0;
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] != 0) {
      numbers[i] = ++last;
      spans_[last] = spans_[i];
    }
  }
  spans_.resize(last + std::size_t{1});
  each([&](Mark& mark) {
    constexpr int kBits = 4 + kSpanBits;
    mark = numbers[span_of(mark)] << kBits | (mark & ((1u << kBits) - 1));
  });
  std::ranges::for_each(presents_, [&](std::uint32_t& present) { present = numbers[present]; });
  most_spans_ = std::max(limits_.few_spans, 2 * last);
  if (last >= limits_.most_spans / 2) {
    suspects_.add_all();
    forget_all();
  }
}

bool SuspectFinder::pay(std::uint64_t bytes) {
  if (budget_ < bytes) {
    suspects_.add_all();
    return false;
  }
  budget_ -= bytes;
  return true;
}

SuspectFinder::Memory::Page* SuspectFinder::page(std::uint64_t number) {
  Memory::Page* const found = memory_.find(number);
  if (found != nullptr) {
    return found;
  }
  return pay(Memory::kRegionCost) ? &memory_.add(number) : nullptr;
}

bool SuspectFinder::has_cells(Memory::Page& page) {
  if (page.cells != nullptr) {
    return true;
  }
  if (!pay(sizeof(Memory::Cells))) {
    return false;
  }
  page.cells = std::make_unique<Memory::Cells>();
  if (page.all.are_spread()) {
    fill_cells(*page.cells, page.all);
  } else if (page.all) {
    page.cells->fill(page.all);
    if (page.all.are_many()) {
      std::for_each(page.cells->begin() + 1, page.cells->end(), [this](Marks& marks) { copy_many(marks); });
    }
    page.all = {};
  }
  return true;
}

void SuspectFinder::elements(const PastAccess& access, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                             std::uint64_t step, const VectorClock& knows) {
  constexpr std::uint64_t kNear = kPage / 4;  // further apart, hardly two elements lie in one page
  if (suspects_.are_all()) {
    return;
  }
  Now one = now(access, knows);
  if (count < 2 || size == 0 || step == 0 || step > kNear) {
    take_in_turn(
        one, count, [&](std::uint64_t i) { return Extent{address + i * step, size}; },
        [](std::uint64_t /*i*/, Now& /*now*/) {});
    return;
  }
  while (count > 0) {
    const std::uint64_t begin = address % kPage;
    const std::uint64_t here = begin + size <= kPage ? std::min(count, (kPage - begin - size) / step + 1) : 0;
    if (here == 0) {
      touch_bytes(one, address, address + size);
    } else if (Memory::Page* const touched = page(address / kPage)) {
      touch_elements(*touched, one, address, size, here, step);
    }
    address += std::max(here, std::uint64_t{1}) * step;
    count -= std::max(here, std::uint64_t{1});
  }
}

// All lie in the page.
void SuspectFinder::touch_elements(Memory::Page& page, Now& now, std::uint64_t address, std::uint64_t size,
                                   std::uint64_t count, std::uint64_t step) {
  const std::uint64_t begin = address % kGranule;
  if (page.cells == nullptr || step % kGranule != 0 || begin + size > kGranule) {
    PageBits bits;
    bits.add_elements(address % kPage, size, count, step);
    touch_bits(page, now, address / kPage * kPage, bits);
    return;
  }
  const std::uint64_t every = step / kGranule;
  now.set_bytes(begin, begin + size);
  touch_all(std::span(*page.cells).subspan(address % kPage / kGranule, (count - 1) * every + 1), now, address - begin,
            every);
}

void SuspectFinder::accesses(const PastAccess& common, std::span<const PlainAccess> accesses,
                             const VectorClock& knows) {
  if (suspects_.are_all()) {
    return;
  }
  Now one = now(common, knows);
  take_in_turn(
      one, accesses.size(), [&](std::uint64_t i) { return Extent{accesses[i].address, accesses[i].size}; },
      [&](std::uint64_t i, Now& now) { now.kind = accesses[i].kind; });
}

// Of some accesses at a time first all cells are found.
template <class Where, class Tell>
void SuspectFinder::take_in_turn(Now& now, std::uint64_t count, const Where& where, const Tell& tell) {
  constexpr std::uint64_t kAtOnce = 32;
  std::array<Marks*, kAtOnce> cells;
  for (std::uint64_t first = 0; first < count; first += kAtOnce) {
    const std::uint64_t some = std::min(kAtOnce, count - first);
    memory_.fetch_near(std::span(cells).first(some), first, where);
    for (std::uint64_t i = 0; i < some; ++i) {
      const auto [address, size] = where(first + i);
      tell(first + i, now);
      if (cells[i] == nullptr) {
        touch_bytes(now, address, address + size);
        if (size >= kPage) {  // a whole page has cells no more
          cells.fill(nullptr);
        }
        continue;
      }
      now.set_bytes(address % kGranule, address % kGranule + size);
      if (touch(*cells[i], now)) {
        suspects_.add(address);
      }
    }
  }
}

void SuspectFinder::touch_bytes(Now& now, std::uint64_t begin, std::uint64_t end) {
  while (begin < end) {
    const std::uint64_t number = begin / kPage;
    const std::uint64_t stop = std::min(end, (number + 1) * kPage);
    if (Memory::Page* const touched = page(number)) {
      touch_in(*touched, now, begin, stop);
    }
    begin = stop;
  }
}

void SuspectFinder::touch_in(Memory::Page& page, Now& now, std::uint64_t begin, std::uint64_t end) {
  if (end - begin == kPage) {
    touch_page(page, now, begin);
    return;
  }
  if (page.cells == nullptr) {
    touch_bits(page, now, begin / kPage * kPage, PageBits::of(begin % kPage, begin % kPage + (end - begin)));
    return;
  }
  while (begin < end) {
    const std::uint64_t granule = begin / kGranule * kGranule;
    const bool are_whole = begin == granule && end - begin >= kGranule;
    const std::uint64_t stop = are_whole ? end / kGranule * kGranule : std::min(end, granule + kGranule);
    now.set_bytes(begin - granule, stop - granule);
    const std::uint64_t count = (stop - granule + kGranule - 1) / kGranule;
    touch_all(std::span(*page.cells).subspan(granule % kPage / kGranule, count), now, granule);
    begin = stop;
  }
}

void SuspectFinder::touch_page(Memory::Page& page, Now& now, std::uint64_t address) {
  now.halves = kBoth;
  if (page.all.are_spread()) {
    touch_bits(page, now, address, PageBits::all());
    return;
  }
  if (page.cells == nullptr) {
    if (touch(page.all, now)) {
      suspects_.add_page(address);
    }
    return;
  }
  touch_all(*page.cells, now, address);
  const Marks all = page.cells->front();
  if (!all.are_many() && std::ranges::all_of(*page.cells, [&](const Marks& marks) { return marks == all; })) {
    page.cells.reset();
    page.all = all;
    budget_ += sizeof(Memory::Cells);
  }
}

void SuspectFinder::touch_all(std::span<Marks> cells, const Now& now, std::uint64_t address, std::size_t every) {
  for (std::size_t i = 0; i < cells.size();) {
    const Marks before = cells[i];
    const bool is_suspect = touch(cells[i], now);
    const Marks after = cells[i];
    const bool is_like_the_next = !before.are_many() && !after.are_many();
    do {
      cells[i] = after;
      if (is_suspect) {
        suspects_.add(address + i * kGranule);
      }
      i += every;
    } while (is_like_the_next && i < cells.size() && cells[i] == before);
  }
}

bool SuspectFinder::touch(Marks& marks, const Now& now) {
  const std::array<Mark, 4> covering = {now.mark(), now.mark(AccessKind::write, now.halves), now.mark(now.kind, kBoth),
                                        now.mark(AccessKind::write, kBoth)};
  unsigned found = 0;  // without a branch for each
  for (const Mark past : marks.of) {
    for (const Mark mark : covering) {
      found |= static_cast<unsigned>(past == mark);
    }
  }
  if (found != 0 && !marks.are_many()) {
    return false;
  }
  return marks.are_many() ? touch_many(marks, now) : touch_anew(marks, now);
}

bool SuspectFinder::is_known(Mark mark, const Now& now) const {
  return mark >> 4 == now.moment || now.knows.knows(epoch_of(mark));
}

bool SuspectFinder::covers(Mark past, const Now& now) {
  return past >> 4 == now.moment && (now.halves & ~halves_of(past)) == 0 && stands_for(kind_of(past), now.kind);
}

bool SuspectFinder::races_with(Mark past, const Now& now) const {
  return (halves_of(past) & now.halves) != 0 && conflict(kind_of(past), now.kind) && !is_known(past, now);
}

SuspectFinder::Mark SuspectFinder::rest_of(Mark past, const Now& now) const {
  const bool meet = (halves_of(past) & now.halves) != 0;
  const Mark rest =
      meet && stands_for(now.kind, kind_of(past)) && is_known(past, now) ? without(past, now.halves) : past;
  return halves_of(rest) != 0 ? rest : 0;
}

bool SuspectFinder::touch_anew(Marks& marks, const Now& now) {
  Marks kept;
  std::size_t count = 0;
  bool is_suspect = false;
  Mark mark = now.mark();
  for (const Mark past : marks.of) {
    if (past == 0) {
      break;
    }
    if (covers(past, now)) {
      return is_suspect;
    }
    if (past >> 4 == now.moment && kind_of(past) == now.kind) {
      mark |= past;  // the other half
      continue;
    }
    is_suspect |= races_with(past, now);
    if (const Mark rest = rest_of(past, now); rest != 0) {
      kept.of[count++] = rest;
    }
  }
  if (count == kept.of.size()) {
    make_many(marks, mark);
    return is_suspect;
  }
  kept.of[count] = mark;
  marks = kept;
  return is_suspect;
}

// Blocks smaller than a page are worth to be remembered as ended, larger ones where they were touched before.
void SuspectFinder::end_life(const PastAccess& end, std::uint64_t address, std::uint64_t size,
                             const VectorClock& knows) {
  if (size == 0 || suspects_.are_all()) {
    return;
  }
  const std::uint64_t stop = address + size;
  Now ends = now(end, knows);
  if (size < kPage) {
    touch_bytes(ends, address, stop);
    return;
  }
  memory_.visit_touched(address / kPage, (stop + kPage - 1) / kPage, [&](std::uint64_t number, Memory::Page& page) {
    const std::uint64_t base = number * kPage;
    touch_in(page, ends, std::max(address, base), std::min(stop, base + kPage));
  });
}

void SuspectFinder::forget(std::uint64_t address, std::uint64_t size) {
  constexpr std::uint64_t kHalf = kGranule / 2;
  const std::uint64_t begin = (address + kHalf - 1) / kHalf * kHalf;
  const std::uint64_t end = (address + size) / kHalf * kHalf;
  if (begin >= end) {
    return;
  }
  memory_.visit_touched(begin / kPage, (end + kPage - 1) / kPage, [&](std::uint64_t number, Memory::Page& page) {
    const std::uint64_t base = number * kPage;
    forget_in(page, std::max(begin, base) - base, std::min(end, base + kPage) - base);
  });
}

void SuspectFinder::forget_all() {
  memory_ = {};
  many_ = {};
  free_many_.clear();
  spreads_.clear();
  free_spreads_.clear();
  spans_ = {Span()};
  most_spans_ = limits_.few_spans;
  presents_.clear();
}

// Bytes [first, last) of the page.
void SuspectFinder::forget_in(Memory::Page& page, std::uint64_t first, std::uint64_t last) {
  const bool is_whole = last - first == kPage;
  if (page.all.are_spread()) {
    forget_bits(page.all, PageBits::of(first, last));
    return;
  }
  if (page.cells == nullptr && (is_whole || !has_cells(page))) {
    drop(page.all);
    return;
  }
  while (first < last) {
    Marks& marks = (*page.cells)[first / kGranule];
    const std::uint64_t stop = std::min(last, (first / kGranule + 1) * kGranule);
    if (stop - first == kGranule) {
      drop(marks);
    } else {
      drop_halves(marks, first % kGranule == 0 ? 1 : 2);
    }
    first = stop;
  }
  if (is_whole) {
    page.cells.reset();
    budget_ += sizeof(Memory::Cells);
  }
}

}  // namespace gordian::analysis
