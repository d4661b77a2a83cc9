// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/access_reducer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <optional>
#include <utility>

#include "runtime/trace/bitmap.h"

namespace gordian::analysis {

namespace {

constexpr unsigned kWordBitsLog = 6;
static_assert(trace::kBitsInWord == 1 << kWordBitsLog);

}  // namespace

AccessReducer::AccessReducer()
    : open_(kOpen),
      known_(kKnown),
      said_(kSaid),
      shared_(kShared),
      said_ranges_(kSaidRanges),
      shifts_(kShifts, std::uint8_t{trace::kMostBitmapShift}),
      segments_(kStreams) {
  out_.reserve(trace::kChunkBytes / sizeof(std::uint64_t));
}

// What is remembered of earlier segments is told apart by their numbers, not erased; when those are used up, it is.
void AccessReducer::begin_segment() {
  if (++last_segment_ == 0) {
    std::fill(known_.begin(), known_.end(), Known{});
    std::fill(said_.begin(), said_.end(), Said{});
    std::fill(said_ranges_.begin(), said_ranges_.end(), SaidRange{});
    forget();
    last_segment_ = 1;
  }
  segment_ = last_segment_;
  at_once_ = kWrittenAtOnce;
}

// It may go on in another chunk.
void AccessReducer::end_segment() {
  write_all();
  Segment& latest = segments_[stream_ % kStreams];
  if (latest.number == segment_ && latest.stream == stream_) {
    latest.at_once = at_once_;
  }
}

void AccessReducer::forget() { std::fill(segments_.begin(), segments_.end(), Segment{}); }

void AccessReducer::note_owner() { owner_ = std::uint64_t{segment_} << 32 | stack_.function(); }

void AccessReducer::begin(std::uint64_t stream) {
  stream_ = stream;
  out_.clear();
  stack_.begin();
  path_.clear();
  if (tree_.size() > kMostStacks) {
    tree_.clear();
  }
  is_first_ = true;
  is_marker_due_ = false;
  marker_ = 0;
  begin_segment();
}

bool AccessReducer::take(std::uint64_t first_ordinal, const volatile std::uint64_t* words, std::size_t count) {
  // The header tells readers what the segment is and that no stack is known: for chunks that are joined, we do.
  if (!std::exchange(is_first_, false)) {
    take_marker(trace::control_word(trace::ControlType::marker, first_ordinal));
    settle_all();
    stack_.pop(trace::stack_word(trace::kPopAll, 0));
    path_.clear();
  }
  note_owner();
  Words in(words, count);
  bool is_understood = true;
  while (is_understood && in.left() != 0) {
    const std::uint64_t word = in.take();
    if (trace::is_control(word)) {
      is_understood = take_control(word, in);
    } else if (word != 0 && stack_.depth() != 0) {
      take_access(word);
    } else if (word != 0) {  // of no function: for the reader to complain
      is_understood = leave(word);
    }
  }
  while (in.left() != 0) {
    out_.push_back(in.take());
  }
  return is_understood;
}

std::span<const std::uint64_t> AccessReducer::end() {
  end_segment();
  return out_;
}

// It and all that follows stays as it is, behind what came before.
bool AccessReducer::leave(std::uint64_t word) {
  write_all();
  write_context();
  out_.push_back(word);
  return false;
}

// Nearly every word is one: inside the loop of take() it costs a tenth less.
__attribute__((always_inline)) inline void AccessReducer::take_access(std::uint64_t word) {
  const std::uint64_t site = word >> trace::kAddressBits;
  const std::uint64_t address = word & trace::kAddressMask;
  Open& open = open_[site % kOpen];
  const std::uint64_t owner = stretch_ << 16 | site;
  if (open.owner == owner && address == open.next) {
    open.next += open.stride;
    open.count += open.stride != 0 ? 1 : 0;
    return;
  }
  Neighbours one{.site = site};
  Said* said = nullptr;
  if (at_once_ != 0) {
    if (is_known(word)) {
      return;
    }
  } else {
    one.shift = shift_of(site, address);
    one.page = address >> one.shift >> kWordBitsLog;
    one.bits = std::uint64_t{1} << (address >> one.shift) % trace::kBitsInWord;
    said = &this->said(one);
    if ((said->bits & one.bits) != 0) {
      return;
    }
  }
  if (open.owner >> 16 != stretch_) {
    used_.push_back(static_cast<std::uint16_t>(site % kOpen));
  } else if (open.count != 0) {
    settle(open);
    said = nullptr;  // may have made room
  }
  const std::uint64_t distance = open.owner == owner ? address - open.next + open.stride : 0;
  open = {.owner = owner, .next = address, .stride = is_near(distance) ? distance : 0};
  open.next += open.stride;
  if (said != nullptr) {
    put(*said, one);
  } else {
    put_access(site, address);
  }
}

// If not, it is from now on.
inline bool AccessReducer::is_known(std::uint64_t word) {
  Known& known = known_[place_of(word, owner_, kKnown)];
  if (known.word == word && known.owner == owner_) {
    return true;
  }
  known = {.word = word, .owner = owner_};
  return false;
}

bool AccessReducer::is_near(std::uint64_t stride) { return stride + kFarthest <= 2 * kFarthest; }

// The accesses that went on as was expected. Those that lie side by side are the bitmaps' matter.
void AccessReducer::settle(const Open& open) {
  if (open.count == 0) {
    return;
  }
  const std::uint64_t site = open.owner & trace::kMaxPlainSite;
  const std::uint64_t first = open.next - open.count * open.stride;
  const bool is_backwards = open.stride >> 63 != 0;
  const std::uint64_t distance = is_backwards ? 0 - open.stride : open.stride;
  const unsigned shift = shift_of(site, first | distance);
  const bool is_little = at_once_ >= open.count;
  if (distance >> shift == 1 && !is_little) {
    put_neighbours(site, is_backwards ? open.next - open.stride : first, shift, open.count);
    return;
  }
  std::uint64_t done = 0;
  for (; open.count - done >= (is_little ? PendingRecords::kShortestStrided : kFewFarApart);
       done += std::min(open.count - done, PendingRecords::kLongestStrided)) {
    put_range(std::array{trace::control_word(trace::ControlType::strided, site), first + done * open.stride,
                         std::min(open.count - done, PendingRecords::kLongestStrided), open.stride});
  }
  for (; done < open.count; ++done) {
    put_access(site, first + done * open.stride);
  }
}

void AccessReducer::settle_all() {
  if (used_.empty()) {
    return;
  }
  for (const std::uint16_t place : used_) {
    settle(open_[place]);
  }
  used_.clear();
  ++stretch_;
}

inline std::uint64_t AccessReducer::key_of(std::uint64_t page, const Neighbours& which) {
  constexpr unsigned kPageShift = trace::kBitmapShiftShift + std::bit_width(trace::kBitmapShiftMask);
  return page << kPageShift | std::uint64_t{which.shift} << trace::kBitmapShiftShift | which.site;
}

inline AccessReducer::Said& AccessReducer::said(const Neighbours& which) {
  const std::uint64_t key = key_of(which.page, which);
  Said& said = said_[place_of(key, owner_, kSaid)];
  if (said.key != key || said.owner != owner_) {
    said = {.key = key, .owner = owner_};
  }
  return said;
}

// What nobody has said before.
inline void AccessReducer::put(Said& said, const Neighbours& news) {
  said.bits |= news.bits;
  pending(said, news).bits[news.page % PendingBitmap::kWords] |= news.bits;
}

// Of the present stack, with room for them.
PendingBitmap& AccessReducer::pending(Said& said, const Neighbours& which) {
  const Node stack = node();
  if (said.turn == turn_ && pending_.bitmap(said.pending).node == stack) {
    return pending_.bitmap(said.pending);
  }
  if (pending_.are_full()) {
    write_pending();
  }
  const std::uint64_t page = which.page / PendingBitmap::kWords;
  const std::uint64_t key = key_of(page, which);
  Shared& shared = shared_[place_of(key, stack, kShared)];
  const bool is_there = shared.turn == turn_ && shared.key == key && pending_.bitmap(shared.pending).node == stack;
  if (!is_there) {
    const std::uint64_t first = page * PendingBitmap::kWords * trace::kBitsInWord << which.shift;
    shared = {.key = key, .turn = turn_, .pending = pending_.add_bitmap(stack, which.site, first, which.shift)};
  }
  said.turn = turn_;
  said.pending = shared.pending;
  return pending_.bitmap(shared.pending);
}

void AccessReducer::put_access(std::uint64_t site, std::uint64_t address) {
  if (at_once_ == 0) {
    put_neighbours(site, address, shift_of(site, address), 1);
    return;
  }
  --at_once_;
  write_context();
  out_.push_back(trace::access_word(site, address));
}

void AccessReducer::put_neighbours(std::uint64_t site, std::uint64_t address, unsigned shift, std::uint64_t count) {
  for (std::uint64_t number = address >> shift; count != 0;) {
    const std::uint64_t here = std::min(count, trace::kBitsInWord - number % trace::kBitsInWord);
    Neighbours news{.site = site,
                    .page = number >> kWordBitsLog,
                    .shift = shift,
                    .bits = ~std::uint64_t{0} >> (trace::kBitsInWord - here) << number % trace::kBitsInWord};
    Said& said = this->said(news);
    news.bits &= ~said.bits;
    if (news.bits != 0) {
      put(said, news);
    }
    number += here;
    count -= here;
  }
}

// Of the present stack.
CallTree::Node AccessReducer::node() {
  while (path_.size() < stack_.depth()) {
    path_.push_back(tree_.push(path_.empty() ? CallTree::kRoot : path_.back(), stack_.frame(path_.size())));
  }
  return path_.back();
}

void AccessReducer::write_all() {
  settle_all();
  write_pending();
}

// The marker comes first: a reader takes everything behind it for the next segment's.
void AccessReducer::write_pending() {
  if (pending_.are_none()) {
    return;
  }
  write_marker();
  Node last = CallTree::kRoot;
  pending_.write(out_, [&](Node node) {
    std::uint64_t common = tree_.common_depth(last, node);
    inner_.clear();
    tree_.append_frames(node, tree_.depth(node) - common, inner_);
    if (last == CallTree::kRoot) {
      common = stack_.common_with(inner_);
      inner_.erase(inner_.begin(), inner_.begin() + static_cast<std::ptrdiff_t>(common));
    }
    stack_.emit_other(common, inner_, std::back_inserter(out_));
    last = node;
  });
  if (++turn_ == 0) {
    std::fill(said_.begin(), said_.end(), Said{});
    std::fill(shared_.begin(), shared_.end(), Shared{});
    turn_ = 1;
  }
}

void AccessReducer::write_marker() {
  if (std::exchange(is_marker_due_, false)) {
    out_.push_back(marker_);
  }
}

void AccessReducer::write_context() {
  write_marker();
  stack_.emit(std::back_inserter(out_));
}

}  // namespace gordian::analysis
