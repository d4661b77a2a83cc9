// SPDX-License-Identifier: Apache-2.0
#include "analyzer/launch/pending_records.h"

#include <algorithm>
#include <bit>

#include "runtime/trace/access_word.h"
#include "runtime/trace/bitmap.h"

namespace gordian::analysis {
namespace {

// As records of their own.
void write_apart(const PendingBitmap& bitmap, std::vector<std::uint64_t>& out) {
  const bool is_of_ranges = (bitmap.site & trace::kBitmapOfRanges) != 0;
  const std::uint64_t site = bitmap.site & trace::kMaxPlainSite;
  trace::visit_runs(bitmap.bits, [&](std::uint64_t number, std::uint64_t count) {
    const auto first = [&] { return bitmap.address + (number << bitmap.shift); };
    if (is_of_ranges) {
      out.insert(out.end(), {trace::control_word(trace::ControlType::range, site), first(), count << bitmap.shift});
      return;
    }
    for (const std::uint64_t end = number + count; number != end;) {
      const std::uint64_t here = std::min(end - number, PendingRecords::kLongestStrided);
      if (here < PendingRecords::kShortestStrided) {
        out.push_back(trace::access_word(site, first()));
        ++number;
        continue;
      }
      const std::uint64_t stride = std::uint64_t{1} << bitmap.shift;
      out.insert(out.end(), {trace::control_word(trace::ControlType::strided, site), first(), here, stride});
      number += here;
    }
  });
}

// By the bytes that they take when they are packed. A single record counts for half as much again, for the time that
// reading one more takes; a word of bits hardly shrinks, unless all are set.
bool is_worth_while(const PendingBitmap& bitmap) {
  constexpr std::size_t kBitmap = 4;
  constexpr std::size_t kRecord = 6;
  constexpr std::size_t kAccess = 3;
  std::size_t apart = 0;
  trace::visit_runs(bitmap.bits, [&](std::uint64_t, std::uint64_t count) {
    constexpr std::uint64_t kMost = PendingRecords::kLongestStrided;
    const bool is_range = (bitmap.site & trace::kBitmapOfRanges) != 0;
    const bool is_single = !is_range && count < PendingRecords::kShortestStrided;
    apart += is_single ? kAccess * count : kRecord * (is_range ? 1 : (count + kMost - 1) / kMost);
  });
  std::size_t together = kBitmap;
  for (const std::uint64_t bits : bitmap.bits) {
    together += bits == ~std::uint64_t{0} ? 1 : (bits != 0 ? sizeof bits : 0);
  }
  return together < apart;
}

void write_bitmap(const PendingBitmap& bitmap, std::vector<std::uint64_t>& out) {
  const auto is_used = [](std::uint64_t bits) { return bits != 0; };
  const auto first = std::ranges::find_if(bitmap.bits, is_used);
  const auto end = std::find_if(bitmap.bits.rbegin(), bitmap.bits.rend(), is_used).base();
  const auto words = static_cast<std::size_t>(end - first);
  if (!is_worth_while(bitmap)) {
    return write_apart(bitmap, out);
  }
  const auto number = static_cast<std::uint64_t>(first - bitmap.bits.begin()) * trace::kBitsInWord;
  out.insert(out.end(),
             {trace::bitmap_word(bitmap.site, bitmap.shift, words), bitmap.address + (number << bitmap.shift)});
  out.insert(out.end(), first, end);
}

}  // namespace

PendingRecords::PendingRecords() { bitmaps_.reserve(kMostBitmaps); }

PendingRecords::Lists& PendingRecords::lists_of(CallTree::Node node) {
  if (node >= of_.size()) {
    of_.resize(std::size_t{node} + 1);
  }
  Lists& lists = of_[node];
  if (lists.first_bitmap == 0 && lists.first_words == 0) {
    stacks_.push_back(node);
  }
  return lists;
}

std::uint32_t PendingRecords::add_bitmap(CallTree::Node node, std::uint64_t site, std::uint64_t address,
                                         unsigned shift) {
  Lists& lists = lists_of(node);
  const auto number = static_cast<std::uint32_t>(bitmaps_.size());
  bitmaps_.push_back({.address = address, .node = node, .site = static_cast<std::uint32_t>(site), .shift = shift});
  (lists.last_bitmap == 0 ? lists.first_bitmap : bitmaps_[lists.last_bitmap - 1].next) = number + 1;
  lists.last_bitmap = number + 1;
  return number;
}

void PendingRecords::add_words(CallTree::Node node, std::span<const std::uint64_t> words) {
  Lists& lists = lists_of(node);
  const auto begin = static_cast<std::uint32_t>(words_.size());
  words_.push_back(words.size());
  words_.insert(words_.end(), words.begin(), words.end());
  if (lists.last_words == 0) {
    lists.first_words = begin + 1;
  } else {
    words_[lists.last_words - 1] |= std::uint64_t{begin + 1} << 32;
  }
  lists.last_words = begin + 1;
}

void PendingRecords::write_stack(const Lists& lists, std::vector<std::uint64_t>& out) const {
  for (std::uint32_t at = lists.first_words; at != 0;) {
    const std::uint64_t head = words_[at - 1];
    const auto begin = words_.begin() + at;
    out.insert(out.end(), begin, begin + static_cast<std::ptrdiff_t>(head & 0xffffffff));
    at = static_cast<std::uint32_t>(head >> 32);
  }
  for (std::uint32_t number = lists.first_bitmap; number != 0; number = bitmaps_[number - 1].next) {
    write_bitmap(bitmaps_[number - 1], out);
  }
}

}  // namespace gordian::analysis
