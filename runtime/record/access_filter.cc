// SPDX-License-Identifier: Apache-2.0
#include "runtime/record/access_filter.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>

#include "runtime/trace/access_word.h"

namespace gordian::rt::record {

void AccessFilter::begin_chunk() noexcept {
  stack_.begin();
  is_lost_ = is_marker_due_ = false;
  note_owner();
}

// What is remembered of earlier segments is told apart by their numbers, not erased; when those are used up, it is.
void AccessFilter::begin_segment() noexcept {
  if (static_cast<std::uint32_t>(++segment_) == 0) {
    std::memset(static_cast<void*>(known_), 0, sizeof(known_));
    ++segment_;
  }
}

void AccessFilter::forget() noexcept {
  marker_ = 0;
  begin_segment();
  note_owner();
}

void AccessFilter::note_owner() noexcept { owner_ = segment_ << 32 | stack_.function(); }

// Leaves those of the plain accesses from `at` to the next control word that are new at `out`. Returns how many those
// are. Which one is new no branch predictor can know, so there is no branch.
inline std::uint64_t AccessFilter::keep_plain(const std::uint64_t*& at, const std::uint64_t* end,
                                              std::uint64_t* out) noexcept {
  std::uint64_t count = 0;
  const std::uint64_t owner = owner_;
  for (; at != end && !trace::is_control(*at); ++at) {
    const std::uint64_t word = *at;
    Known& known = known_[((word ^ owner << 47) * 0x9e3779b97f4a7c15u) >> (64 - kKnownBits)];
    const bool is_new = ((known.word ^ word) | (known.owner ^ owner)) != 0;
    known = {.word = word, .owner = owner};
    out[count] = word;
    count += is_new ? 1 : 0;
  }
  return count;
}

void AccessFilter::take_marker(std::uint64_t word) noexcept {
  if (word != marker_) {
    marker_ = word;
    begin_segment();
  }
  is_marker_due_ = true;
  note_owner();
}

bool AccessFilter::take_stack(std::uint64_t word, const std::uint64_t* push, std::uint64_t count) noexcept {
  if (!stack_.pop(word) || stack_.depth() + count > kDeepest) {
    return false;
  }
  std::for_each(push, push + count, [this](std::uint64_t entry) { stack_.push(entry); });
  note_owner();
  return true;
}

std::uint64_t* AccessFilter::put_context(std::uint64_t* out) noexcept {
  if (is_marker_due_) {
    *out++ = marker_;
    is_marker_due_ = false;
  }
  return stack_.emit(out);
}

// The end of what is left of [at, end) in kept_; null: what is not understood.
std::uint64_t* AccessFilter::keep(const std::uint64_t* at, const std::uint64_t* end) noexcept {
  std::uint64_t* out = kept_;
  while (at != end) {
    if (const std::uint64_t count = keep_plain(at, end, plain_); count != 0) {
      out = std::copy_n(plain_, count, put_context(out));
    }
    if (at == end) {
      break;
    }
    const std::uint64_t word = *at;
    const auto type = trace::control_type(word);
    const std::optional<std::uint64_t> operands = trace::operand_count(word);
    if (!operands || *operands >= static_cast<std::uint64_t>(end - at)) {
      return nullptr;
    }
    if (type == trace::ControlType::marker) {
      take_marker(word);
    } else if (type != trace::ControlType::stack) {
      out = put_context(out);
      out = std::copy_n(at, 1 + *operands, out);
    } else if (!take_stack(word, at + 1, *operands)) {
      return nullptr;
    }
    at += 1 + *operands;
  }
  return put_context(out);
}

void AccessFilter::note(const std::uint64_t* begin, const std::uint64_t* end) noexcept {
  is_lost_ = is_lost_ || keep(begin, end) == nullptr;
}

std::uint64_t* AccessFilter::reduce(std::uint64_t* begin, std::uint64_t* end) noexcept {
  if (is_lost_ || begin == end) {
    return end;
  }
  const std::uint64_t* const kept_end = keep(begin, end);
  if (kept_end == nullptr) {
    is_lost_ = true;
    return end;
  }
  const auto count = static_cast<std::size_t>(kept_end - kept_);
  // [I3] While the words change, the first is zero, where a reader stops. seq_cst, all, signal fences: their partner is
  // the process's death, after which its stores are seen in the program's order.
  *begin = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::fill(begin + count, end, 0);
  if (count != 0) {
    std::copy_n(kept_ + 1, count - 1, begin + 1);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    *begin = kept_[0];
  }
  return begin + count;
}

}  // namespace gordian::rt::record
