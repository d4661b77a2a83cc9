// SPDX-License-Identifier: Apache-2.0
// The runtime's one spin lock, for a few dozen instructions, never across user code or a switch: as a word (it lies in
// objects that users see) and as a class. Exponential backoff without looking: looking at the line is what slows its
// owner down; then the CPU is given away. Constant-initialised, trivially destructible, so that arrays of them live in
// zero pages. Not for code that may be interrupted by itself (signals).
#pragma once

#include <sched.h>

#include <atomic>
#include <cstdint>

namespace gordian::rt::record {

using SpinWord = std::atomic<std::uint32_t>;  // 0: free

inline void take(SpinWord& word) noexcept {
  constexpr int kFirstPause = 16;
  constexpr int kLastPause = 256;
  // acquire: pairs with the release in drop(); what the last owner wrote under the lock is seen.
  for (int pauses = kFirstPause; word.exchange(1, std::memory_order_acquire) != 0; pauses *= 2) {
    if (pauses > kLastPause) {
      pauses = kLastPause;
      ::sched_yield();  // keeps errno: it cannot fail on Linux
    }
    for (int i = 0; i < pauses; ++i) {
      __builtin_ia32_pause();
    }
  }
}
inline void drop(SpinWord& word) noexcept {
  word.store(0, std::memory_order_release);  // pairs with the acquire in take()
}

class SpinLock {
 public:
  void lock() noexcept { take(word_); }
  void unlock() noexcept { drop(word_); }
  // In the child of a fork: its owner may be a thread that does not exist there.
  void forget_owner() noexcept { drop(word_); }
  [[nodiscard]] bool is_taken() const noexcept {
    return word_.load(std::memory_order_relaxed) != 0;
  }  // relaxed: a hint

 private:
  SpinWord word_{0};
};

}  // namespace gordian::rt::record
