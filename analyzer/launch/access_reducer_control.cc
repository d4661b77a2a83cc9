// SPDX-License-Identifier: Apache-2.0
// Of the reducer: control words, and the records that they begin.
#include <algorithm>
#include <array>
#include <optional>

#include "analyzer/launch/access_reducer.h"

namespace gordian::analysis {

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
  if (!operands || words.left() < *operands || *operands >= record.size() || stack_.depth() == 0) {
    return leave(word);
  }
  const std::size_t count = 1 + *operands;
  for (std::size_t i = 1; i < count; ++i) {
    record[i] = words.take();
  }
  if (at_once_ != 0 || !take_short(record)) {
    put_range(std::span(record).first(count));
  }
  return true;
}

// As part of bitmaps, if it is like that.
bool AccessReducer::take_short(const std::array<std::uint64_t, trace::kMostRangeWords>& record) {
  const std::uint64_t site = trace::control_payload(record[0]);
  const bool is_range = trace::control_type(record[0]) == trace::ControlType::range;
  const bool is_strided = trace::control_type(record[0]) == trace::ControlType::strided;
  const std::uint64_t address = record[1];
  const auto fits = [&](std::uint64_t bytes) { return address + bytes <= trace::kAddressMask + 1; };
  if (site > trace::kMaxPlainSite || address > trace::kAddressMask ||
      record[2] - 1 >= PendingRecords::kLongestStrided) {
    return false;
  }
  if (is_range && fits(record[2])) {
    const std::uint64_t bytes_site = site | trace::kBitmapOfRanges;
    const unsigned shift = shift_of(bytes_site, address | record[2]);
    put_neighbours(bytes_site, address, shift, record[2] >> shift);
    return true;
  }
  const std::uint64_t stride = record[3];
  if (is_strided && stride < kFarthest && fits(record[2] * stride)) {
    const unsigned shift = shift_of(site, address | stride);
    if (stride >> shift == 1) {
      put_neighbours(site, address, shift, record[2]);
      return true;
    }
  }
  return false;
}

void AccessReducer::take_marker(std::uint64_t word) {
  if (word == marker_) {
    return;
  }
  end_segment();
  Segment& latest = segments_[stream_ % kStreams];
  if (latest.stream == stream_ && latest.marker == word) {
    segment_ = latest.number;
    at_once_ = latest.at_once;
  } else {
    begin_segment();
    latest = {.stream = stream_, .marker = word, .number = segment_, .at_once = at_once_};
  }
  marker_ = word;
  is_marker_due_ = true;
  note_owner();
}

bool AccessReducer::take_stack(std::uint64_t word, Words& words) {
  const std::uint64_t push = trace::control_payload(word) >> 32;
  settle_all();
  if (words.left() < push || !stack_.pop(word)) {
    return leave(word);
  }
  path_.resize(std::min(path_.size(), static_cast<std::size_t>(stack_.depth())));
  for (std::uint64_t i = 0; i < push; ++i) {
    stack_.push(words.take());
  }
  note_owner();
  return true;
}

void AccessReducer::put_range(std::span<const std::uint64_t> words) {
  SaidRange range{.owner = owner_};
  std::ranges::copy(words, range.words.begin());
  SaidRange& said = said_ranges_[place_of(words[1] ^ words[0] << 20 ^ words.back() << 32, owner_, kSaidRanges)];
  if (said.owner == range.owner && said.words == range.words) {
    return;
  }
  said = range;
  if (at_once_ != 0) {
    --at_once_;
    write_context();
    out_.insert(out_.end(), words.begin(), words.end());
    return;
  }
  if (pending_.are_full()) {
    write_pending();
  }
  pending_.add_words(node(), words);
}

}  // namespace gordian::analysis
