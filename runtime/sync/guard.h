// SPDX-License-Identifier: Apache-2.0
// The spin lock inside every object: held for a few dozen instructions, never across user code or a switch. Exponential
// backoff without looking (looking at the line is what slows its owner down), then the CPU is given away.
#pragma once

#include <sched.h>

#include <atomic>
#include <cstdint>

namespace gordian::rt::sync {

inline void take(std::atomic<std::uint32_t>& word) noexcept {
  constexpr int kFirstPause = 16;
  constexpr int kLastPause = 256;
  // acquire: pairs with the release in drop(); what the last owner wrote under the lock is seen.
  for (int pauses = kFirstPause; word.exchange(1, std::memory_order_acquire) != 0; pauses *= 2) {
    if (pauses > kLastPause) {
      pauses = kLastPause;
      ::sched_yield();
    }
    for (int i = 0; i < pauses; ++i) {
      __builtin_ia32_pause();
    }
  }
}
inline void drop(std::atomic<std::uint32_t>& word) noexcept {
  word.store(0, std::memory_order_release);  // pairs with the acquire in take()
}

class [[nodiscard]] Guard {
 public:
  explicit Guard(std::atomic<std::uint32_t>& word) noexcept : word_(&word) { take(word); }
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
  std::atomic<std::uint32_t>* word_;
};

}  // namespace gordian::rt::sync
