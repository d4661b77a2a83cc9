// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/access_reducer.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

namespace gordian::analysis {

namespace {

// Threads that do the same at the same time must not share places: the owner, which has the segment, counts as well.
std::size_t place_of(std::uint64_t words, std::uint64_t owner, std::size_t places) {
  const std::uint64_t key = (words * 0x9e3779b97f4a7c15u) ^ (owner * 0xd6e8feb86659fd93u);
  return static_cast<std::size_t>(key >> 40) & (places - 1);
}

}  // namespace

// Each is read once.
class AccessReducer::Words {
 public:
  Words(const volatile std::uint64_t* words, std::size_t count) : at_(words), end_(words + count) {}
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  std::uint64_t take() { return *at_++; }

 private:
  const volatile std::uint64_t* at_;
  const volatile std::uint64_t* end_;
};

AccessReducer::AccessReducer() : open_(kOpen), known_(kKnown), known_ranges_(kKnownRanges), segments_(kStreams) {
  out_.reserve(trace::kChunkBytes / sizeof(std::uint64_t));
}

// What is remembered of earlier segments is told apart by their numbers, not erased; when those are used up, it is.
void AccessReducer::begin_segment() {
  if (++last_segment_ == 0) {
    std::fill(known_.begin(), known_.end(), Known{});
    std::fill(known_ranges_.begin(), known_ranges_.end(), KnownRange{});
    forget();
    last_segment_ = 1;
  }
  segment_ = last_segment_;
}

void AccessReducer::forget() { std::fill(segments_.begin(), segments_.end(), Segment{}); }

void AccessReducer::note_owner() { owner_ = std::uint64_t{segment_} << 32 | stack_.function(); }

// Nearly every word is one: inside the loop of reduce() it costs a tenth less.
__attribute__((always_inline)) inline void AccessReducer::take_access(std::uint64_t word) {
  if (stack_.depth() == 0) {  // means nothing: for the reader to complain
    put_context();
    out_.push_back(word);
    return;
  }
  const std::uint64_t site = word >> trace::kAddressBits;
  const std::uint64_t address = word & trace::kAddressMask;
  Open& open = open_[site % kOpen];
  const std::uint64_t owner = stretch_ << 16 | site;
  if (open.owner == owner && address == open.next && open.count < kLongest) {
    open.next += open.stride;
    open.count += open.stride != 0 ? 1 : 0;
    return;
  }
  if (is_known(word)) {
    return;
  }
  if (open.owner == owner && open.count <= 2) {
    if (open.count == 2) {  // the first was by itself, the second may begin something
      put_access(site, open.first);
      open.first += open.stride;
    }
    open.stride = address - open.first;
    open.next = address + open.stride;
    open.count = 2;
    if (is_near(open.stride)) {
      return;
    }
    open.count = 1;  // closes the first alone
  }
  if (open.owner >> 16 == stretch_) {
    close(open);
  } else {
    used_.push_back(static_cast<std::uint16_t>(site % kOpen));
  }
  open = {.owner = owner, .first = address, .next = address, .count = 1};
}

std::span<const std::uint64_t> AccessReducer::reduce(std::uint64_t stream, const volatile std::uint64_t* words,
                                                     std::size_t count) {
  stream_ = stream;
  out_.clear();
  stack_.begin();
  is_marker_due_ = false;
  begin_segment();
  note_owner();
  Words in(words, count);
  bool is_understood = true;
  while (is_understood && in.left() != 0) {
    const std::uint64_t word = in.take();
    if (trace::is_control(word)) {
      is_understood = take_control(word, in);
    } else if (word != 0) {
      take_access(word);
    }
  }
  close_all();
  while (in.left() != 0) {
    out_.push_back(in.take());
  }
  return out_;
}

bool AccessReducer::is_near(std::uint64_t stride) { return stride + kFarthest <= 2 * kFarthest; }

// If not, it is from now on.
bool AccessReducer::is_known(std::uint64_t word) {
  Known& known = known_[place_of(word, owner_, kKnown)];
  if (known.word == word && known.owner == owner_) {
    return true;
  }
  known = {.word = word, .owner = owner_};
  return false;
}

void AccessReducer::close(Open& open) {
  const std::uint64_t site = open.owner & 0xffff;
  if (open.count >= kShortest) {
    const std::array<std::uint64_t, 4> words = {trace::control_word(trace::ControlType::strided, site), open.first,
                                                open.count, open.stride};
    put_range(words.data(), words.size());
    return;
  }
  for (std::uint64_t i = 0; i < open.count; ++i) {
    put_access(site, open.first + i * open.stride);
  }
}

void AccessReducer::close_all() {
  if (used_.empty()) {
    return;
  }
  for (const std::uint16_t place : used_) {
    close(open_[place]);
  }
  used_.clear();
  ++stretch_;
}

void AccessReducer::put_access(std::uint64_t site, std::uint64_t address) {
  put_context();
  out_.push_back(trace::access_word(site, address));
}

void AccessReducer::put_range(const std::uint64_t* words, std::size_t count) {
  KnownRange range{.owner = owner_};
  std::copy_n(words, count, range.words.begin());
  KnownRange& known = known_ranges_[place_of(words[1] ^ words[0] << 20 ^ words[count - 1] << 32, owner_, kKnownRanges)];
  if (known.owner == range.owner && known.words == range.words) {
    return;
  }
  known = range;
  put_context();
  out_.insert(out_.end(), words, words + count);
}

// The marker comes first: a reader takes everything behind it for the next segment's.
void AccessReducer::put_context() {
  if (std::exchange(is_marker_due_, false)) {
    out_.push_back(marker_);
  }
  stack_.emit(std::back_inserter(out_));
}

bool AccessReducer::take_control(std::uint64_t word, Words& words) {
  std::array<std::uint64_t, trace::kMostRangeWords> record = {word};
  switch (trace::control_type(word)) {
    case trace::ControlType::marker:
      take_marker(word);
      return true;
    case trace::ControlType::stack:
      return take_stack(word, words);
    default:
      break;
  }
  const std::optional<std::uint64_t> operands = trace::operand_count(word);
  if (!operands || words.left() < *operands || stack_.depth() == 0) {
    close_all();
    put_context();
    out_.push_back(word);
    return false;
  }
  const std::size_t count = 1 + *operands;
  for (std::size_t i = 1; i < count; ++i) {
    record[i] = words.take();
  }
  put_range(record.data(), count);
  return true;
}

void AccessReducer::take_marker(std::uint64_t word) {
  close_all();
  Segment& latest = segments_[stream_ % kStreams];
  if (latest.stream == stream_ && latest.marker == word) {
    segment_ = latest.number;
  } else {
    begin_segment();
    latest = {.stream = stream_, .marker = word, .number = segment_};
  }
  marker_ = word;
  is_marker_due_ = true;
  note_owner();
}

bool AccessReducer::take_stack(std::uint64_t word, Words& words) {
  const std::uint64_t push = trace::control_payload(word) >> 32;
  close_all();
  if (words.left() < push || !stack_.pop(word)) {
    put_context();
    out_.push_back(word);
    return false;
  }
  for (std::uint64_t i = 0; i < push; ++i) {
    stack_.push(words.take());
  }
  note_owner();
  return true;
}

}  // namespace gordian::analysis
