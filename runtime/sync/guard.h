// SPDX-License-Identifier: Apache-2.0
// The spin lock inside every object, held for a scope: record/spin_lock.h over a word of the object's public state.
#pragma once

#include "runtime/record/spin_lock.h"

namespace gordian::rt::sync {

using record::drop;
using record::take;

class [[nodiscard]] Guard {
 public:
  explicit Guard(record::SpinWord& word) noexcept : word_(&word) { take(word); }
  ~Guard() { release(); }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  // Before waking or parking. The object may be gone right after.
  void release() noexcept {
    if (word_ != nullptr) {
      drop(*word_);
      word_ = nullptr;
    }
  }

 private:
  record::SpinWord* word_;
};

}  // namespace gordian::rt::sync
