// SPDX-License-Identifier: Apache-2.0
// For whoever makes the records of an access chunk fewer: the stack as the chunk's words have it, and as those that are
// kept say it. Stack words go with the records that they were for; before one that stays, a single delta makes up
// for all that went.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "runtime/trace/access_word.h"

namespace gordian::trace {

// Entries: a sequence of 64-bit words, one frame each, outermost first; zero memory may be an empty one.
template <class Entries>
class DeltaCoalescer {
 public:
  // Nothing is known, as at a chunk's start.
  void begin() {
    stack_.clear();
    emitted_.clear();
    common_ = 0;
    is_due_ = is_forgotten_ = false;
  }
  [[nodiscard]] std::uint64_t depth() const { return stack_.size(); }
  [[nodiscard]] std::uint64_t frame(std::uint64_t number) const { return stack_[number]; }
  [[nodiscard]] std::uint64_t function() const { return depth() == 0 ? 0 : stack_[depth() - 1] & kLowHalf; }

  // The frames that a stack word takes away; its operands are to be pushed. False, and nothing has changed: it takes
  // away more than there is.
  bool pop(std::uint64_t word) {
    const std::uint64_t count = control_payload(word) & kLowHalf;
    if (count == kPopAll) {
      stack_.clear();
      emitted_.clear();
      is_forgotten_ = true;
    } else if (count > depth()) {
      return false;
    } else {
      stack_.resize(depth() - count);
    }
    common_ = std::min(common_, depth());
    is_due_ = true;
    return true;
  }
  void push(std::uint64_t entry) { stack_.push_back(entry); }

  // Writes what is due. Never more words than those that were taken for it.
  template <class Out>
  Out emit(Out out) {
    if (!is_due_) {
      return out;
    }
    is_due_ = false;
    const auto common = static_cast<std::ptrdiff_t>(common_);
    const auto [kept, same] =
        std::mismatch(stack_.begin() + common, stack_.end(), emitted_.begin() + common, emitted_.end());
    const auto pop = static_cast<std::uint64_t>(emitted_.end() - same);
    const auto push = static_cast<std::uint64_t>(stack_.end() - kept);
    if (is_forgotten_ || pop != 0 || push != 0) {
      *out++ = stack_word(is_forgotten_ ? kPopAll : pop, push);
      out = std::copy(kept, stack_.end(), out);
    }
    emitted_.resize(emitted_.size() - pop);
    std::copy(kept, stack_.end(), std::back_inserter(emitted_));
    is_forgotten_ = false;
    common_ = depth();
    return out;
  }
  // The same for another stack than the present one: `common` frames of what was emitted, then `inner`.
  template <class Out>
  Out emit_other(std::uint64_t common, const Entries& inner, Out out) {
    const std::uint64_t pop = emitted_.size() - common;
    if (is_forgotten_ || pop != 0 || inner.size() != 0) {
      *out++ = stack_word(is_forgotten_ ? kPopAll : pop, inner.size());
      out = std::copy(inner.begin(), inner.end(), out);
    }
    emitted_.resize(common);
    std::copy(inner.begin(), inner.end(), std::back_inserter(emitted_));
    is_forgotten_ = false;
    common_ = std::min(common_, common);
    is_due_ = true;
    return out;
  }
  // With how many frames of what was emitted it begins.
  [[nodiscard]] std::uint64_t common_with(const Entries& stack) const {
    return static_cast<std::uint64_t>(
        std::mismatch(stack.begin(), stack.end(), emitted_.begin(), emitted_.end()).first - stack.begin());
  }

 private:
  static constexpr std::uint64_t kLowHalf = 0xffffffff;

  Entries stack_;
  Entries emitted_;
  std::uint64_t common_ = 0;  // so many entries of both are the same, or more
  bool is_due_ = false;
  bool is_forgotten_ = false;  // all that was emitted
};

}  // namespace gordian::trace
