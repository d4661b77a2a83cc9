// SPDX-License-Identifier: Apache-2.0
#include "analyzer/model/access_history.h"

#include <algorithm>
#include <utility>

namespace gordian::analysis {
// The same number for the same, as long as nobody else came in between.
AccessHistory::Now AccessHistory::now(const PastAccess& access, const VectorClock& knows) {
  Moment& moment = moments_[(access.actor * 7 + access.epoch.slot * 13 + access.function.value) % moments_.size()];
  const PastAccess& known = moment.access;
  const bool is_who = moment.number != 0 && known.actor == access.actor && known.function == access.function &&
                      known.site >> Mark::kSiteBits == access.site >> Mark::kSiteBits;
  if (!is_who || known.epoch != access.epoch || known.lockset != access.lockset) {
    if (++last_moment_ == 0) {  // all numbers were used
      next_.forget_all();
      moments_ = {};
      last_moment_ = 1;
    }
    moment = {access, is_who ? moment.who : whos_.number(access), last_moment_};
  }
  return {whos_.mark(moment.who, access), knows, moment.number, access.actor};
}

// Between accesses: no history is being looked at.
void AccessHistory::keep_house() {
  if (histories_.wants_collecting(granules_)) {
    next_.forget_all();
    histories_.collect([this](const auto& see) { shadow_.see_all(see); });
    histories_.recycle();
  } else if (histories_.wants_recycling()) {
    next_.forget_all();
    histories_.recycle();
  }
  spend(histories_.take_growth());
}

AccessHistory::Page* AccessHistory::page(std::uint64_t number) {
  Page* const found = shadow_.find(number);
  if (found != nullptr) {
    return found;
  }
  if (budget_ < Shadow::kRegionCost) {
    ++left_out_;
    return nullptr;
  }
  spend(Shadow::kRegionCost);
  return &shadow_.add(number);
}

bool AccessHistory::has_cells(Page& page) {
  if (page.cells == nullptr) {
    if (budget_ < sizeof(Cells)) {
      ++left_out_;
      return false;
    }
    make_cells(page);
  }
  return true;
}

void AccessHistory::make_cells(Page& page) {
  spend(sizeof(Cells));
  granules_ += page.cells == nullptr ? sizeof(Cells) / sizeof(HistoryId) : 0;
  page.cells = std::make_unique<Cells>();
  if (page.all) {
    histories_.share(page.all);
    page.cells->fill(Histories::without_note(page.all));
    page.all = {};
  }
}

void AccessHistory::elements(const PastAccess& access, std::uint64_t address, std::uint64_t size, std::uint64_t count,
                             std::uint64_t step, const VectorClock& knows) {
  keep_house();
  Now one = now(access, knows);
  const std::uint64_t begin = address % kGranule;
  const bool are_alike = step > 0 && step % kGranule == 0 && size > 0 && begin + size <= kGranule;
  if (count > 1 && are_alike && step <= kNear && are_one_history(address + (count - 1) / 2 * step, step)) {
    one.mark.set_bytes(Shadow::byte_bits(begin, begin + size));
    touch_spread(one, address / kGranule * kGranule, count, step);
    look_back(count, std::exchange(anew_, 0));
    return;
  }
  take_in_turn(
      one, count, [&](std::uint64_t i) { return Extent{address + i * step, size}; },
      [](std::uint64_t /*i*/, Mark& /*mark*/) {});
}

// Of two in the middle, a guess at the rest: where each granule has a history of its own, what fetches those ahead is
// better.
bool AccessHistory::are_one_history(std::uint64_t address, std::uint64_t step) const {
  const HistoryId* const first = shadow_.near(address);
  const HistoryId* const second = shadow_.near(address + step);
  return first != nullptr && second != nullptr && *first == *second;
}

void AccessHistory::accesses(const PastAccess& common, std::span<const PlainAccess> accesses,
                             const VectorClock& knows) {
  keep_house();
  Now one = now(common, knows);
  take_in_turn(
      one, accesses.size(), [&](std::uint64_t i) { return Extent{accesses[i].address, accesses[i].size}; },
      [&](std::uint64_t i, Mark& mark) { mark.set(accesses[i].site, accesses[i].kind); });
}

// Of some accesses at a time first all cells are found, then all histories that are likely to be looked at, then they
// are dealt with.
template <class Where, class Tell>
void AccessHistory::take_in_turn(Now& now, std::uint64_t count, const Where& where, const Tell& tell) {
  constexpr std::uint64_t kAtOnce = 32;
  std::array<HistoryId*, kAtOnce> cells;
  for (std::uint64_t first = 0; first < count; first += kAtOnce) {
    const std::uint64_t some = std::min(kAtOnce, count - first);
    shadow_.fetch_near(std::span(cells).first(some), first, where);
    const std::uint64_t anew = std::exchange(anew_, 0);
    const bool is_new = anew > some / 8;
    look_back(some, anew);
    for (std::uint64_t i = 0; i < some; ++i) {
      if (cells[i] != nullptr && (Histories::is_noted_own(*cells[i]) || (is_new && *cells[i]))) {
        histories_.fetch(*cells[i]);
      }
    }
    for (std::uint64_t i = 0; i < some; ++i) {
      const auto [address, size] = where(first + i);
      tell(first + i, now.mark);
      if (cells[i] != nullptr) {
        now.mark.set_bytes(Shadow::byte_bits(address % kGranule, address % kGranule + size));
        step(*cells[i], now, {address / kGranule * kGranule, kGranule});
      } else {
        touch(now, address, size);
        if (size >= kPage) {  // a whole page has cells no more
          std::fill(cells.begin(), cells.end(), nullptr);
        }
      }
    }
  }
}

void AccessHistory::look_back(std::uint64_t accesses, std::uint64_t anew) {
  constexpr std::uint64_t kEnough = 256;
  lately_ += accesses - std::min(accesses, std::exchange(owned_, 0));
  lately_anew_ += anew;
  if (lately_ >= kEnough) {
    is_irregular_ = lately_anew_ > lately_ / 2;
    lately_ = lately_anew_ = 0;
  }
}

void AccessHistory::touch(Now& now, std::uint64_t address, std::uint64_t size) {
  const std::uint64_t end = address + size;
  while (address < end) {
    const std::uint64_t number = address / kPage;
    const std::uint64_t stop = std::min(end, (number + 1) * kPage);
    if (Page* const touched = page(number)) {
      stop - address == kPage ? touch_page(*touched, now, address) : touch_part(*touched, now, address, stop);
    }
    address = stop;
  }
}

void AccessHistory::touch_spread(Now& now, std::uint64_t address, std::uint64_t count, std::uint64_t step) {
  while (count > 0) {
    const std::uint64_t number = address / kPage;
    const std::uint64_t here = std::min(count, ((number + 1) * kPage - address + step - 1) / step);
    if (Page* const touched = page(number); touched != nullptr && has_cells(*touched)) {
      const std::uint64_t every = step / kGranule;
      step_all(std::span(*touched->cells).subspan(address % kPage / kGranule, (here - 1) * every + 1), now, address,
               every);
    }
    address += here * step;
    count -= here;
  }
}

void AccessHistory::touch_part(Page& page, Now& now, std::uint64_t begin, std::uint64_t end) {
  if (!has_cells(page)) {
    return;
  }
  while (begin < end) {
    const std::uint64_t granule = begin / kGranule * kGranule;
    const std::uint64_t index = begin % kPage / kGranule;
    std::uint64_t stop = std::min(end, granule + kGranule);
    now.mark.set_bytes(Shadow::byte_bits(begin - granule, stop - granule));
    if (now.mark.bytes() == 0xff) {
      stop = end / kGranule * kGranule;
      step_all(std::span(*page.cells).subspan(index, (stop - begin) / kGranule), now, begin);
    } else {
      step((*page.cells)[index], now, {granule, kGranule});
    }
    begin = stop;
  }
}

void AccessHistory::touch_page(Page& page, Now& now, std::uint64_t address) {
  now.mark.set_bytes(0xff);
  if (page.cells == nullptr) {
    step(page.all, now, {address, kPage});
    return;
  }
  step_all(*page.cells, now, address);
  const HistoryId all = page.cells->front();
  if (std::all_of(page.cells->begin(), page.cells->end(), [&](HistoryId id) { return id == all; })) {
    page.cells.reset();
    page.all = all;
    granules_ -= sizeof(Cells) / sizeof(HistoryId);
    budget_ += sizeof(Cells);
  }
}

void AccessHistory::step_all(std::span<HistoryId> cells, const Now& now, std::uint64_t address, std::size_t every) {
  for (std::size_t i = 0; i < cells.size();) {
    const HistoryId before = cells[i];
    const bool is_race = step(cells[i], now, {address + i * kGranule, kGranule});
    const HistoryId after = cells[i];
    i += every;
    if (i >= cells.size() || cells[i] != before || (after && histories_.at(after).size > Histories::kMostShared)) {
      continue;
    }
    histories_.share(after);
    for (; i < cells.size() && cells[i] == before; i += every) {
      if (is_race) {
        check(before, now, {address + i * kGranule, kGranule});
      }
      cells[i] = after;
    }
  }
}

bool AccessHistory::step(HistoryId& cell, const Now& now, const Extent& extent) {
  if (Histories::is_noted_own(cell)) {
    ++owned_;
    return step_anew(cell, now, extent, nullptr);
  }
  const std::uint64_t what = NextHistories::what(cell, now.mark.key);
  NextHistories::Step& known = next_.at(what, now.moment);
  if (known.what == what && known.moment == now.moment) {
    if (known.next == cell) {
      return false;
    }
    if (known.stack == now.mark.stack) {  // the cell had one that others have, too: nobody need hear that it leaves
      if (!known.is_shared) {
        histories_.share(known.next);
        known.is_shared = true;
      }
      cell = known.next;
      return false;
    }
  }
  ++anew_;
  constexpr std::uint32_t kSome = 8;  // are remembered all the same, to see if they come again
  const bool is_worthwhile = !is_irregular_ || ++passed_over_ % kSome == 0;
  return step_anew(cell, now, extent, is_worthwhile ? &known : nullptr);
}

// `place`: where the step is looked for from now on, if anywhere; one of a granule's own history is not.
bool AccessHistory::step_anew(HistoryId& cell, const Now& now, const Extent& extent, NextHistories::Step* place) {
  const HistoryId before = cell;
  NextHistories::Step step{NextHistories::what(before, now.mark.key), now.moment, now.mark.stack, before};
  bool has_place = false;
  Verdict verdict{true, false};
  if (before) {
    History& history = histories_.at(before);
    const bool is_own = history.is_own();
    const History::Likes likes = history.likes(now.mark);
    cell = is_own ? Histories::noted_own(before) : before;
    if (likes.is_covered) {
      if (!is_own && place != nullptr) {
        next_.remember(*place, step);
      }
      return false;
    }
    has_place = likes.has_place;
    verdict = check(before, now, extent);
  }
  cell = to_change(cell, !has_place);
  History& history = histories_.at(cell);
  history.put(now.mark);
  history.all = verdict.is_ordered ? now.mark.epoch : kNoEpoch;
  if (writes(now.mark.kind()) || history.writes == kNoEpoch) {
    history.writes = history.all;
  }
  if (place != nullptr && !Histories::is_noted_own(cell) && !verdict.is_race &&
      history.size <= Histories::kMostShared) {
    step.next = cell;
    next_.remember(*place, step);
  }
  return verdict.is_race;
}

// A history that is the granule's own is changed in place.
HistoryId AccessHistory::to_change(HistoryId id, bool needs_room) {
  if (!id) {
    return histories_.add(1);
  }
  History& from = histories_.at(id);
  if (from.is_own() && (!needs_room || from.make_room())) {
    return id;
  }
  return move(id, from.size + 1);
}

// What is in the history, for the granule alone.
HistoryId AccessHistory::move(HistoryId id, std::size_t capacity) {
  const HistoryId result = histories_.add(capacity);
  History& from = histories_.at(id);
  History& to = histories_.at(result);
  to.all = from.all;
  to.writes = from.writes;
  for (const Mark& past : from.past()) {
    to.push_back(past);
  }
  histories_.leave(id);
  return result;
}

AccessHistory::Verdict AccessHistory::check(HistoryId id, const Now& now, const Extent& extent) const {
  if (!id) {
    return {true, false};
  }
  History& history = histories_.at(id);
  if (now.knows.knows(history.all)) {
    return {true, false};
  }
  if (!writes(now.mark.kind()) && now.knows.knows(history.writes)) {
    return {false, false};
  }
  Verdict verdict{true, false};
  for (const Mark& past : history.past()) {
    if (now.knows.knows(past.epoch)) {
      continue;
    }
    verdict.is_ordered = false;
    const auto shared = static_cast<std::uint8_t>(past.bytes() & now.mark.bytes());
    if (shared != 0 && whos_.actor(past) != now.actor && conflict(past.kind(), now.mark.kind())) {
      verdict.is_race = true;
      report(past, now, extent, shared);
    }
  }
  return verdict;
}

void AccessHistory::report(const Mark& past, const Now& now, const Extent& extent, std::uint8_t bytes) const {
  const PastAccess earlier = whos_.access(past, past.bytes());
  const PastAccess later = whos_.access(now.mark, now.mark.bytes());
  const std::uint64_t size = bytes == 0xff ? extent.size : std::min(extent.size, kGranule);
  for (std::uint64_t at = 0; at < extent.size; at += size) {
    sink_.race(earlier, later, extent.address + at, size, bytes);
  }
}

}  // namespace gordian::analysis
