// SPDX-License-Identifier: Apache-2.0
// A lock for a handful of instructions inside hooks: spins, then gives the CPU away. Constant-initialised, trivially
// destructible, so that arrays of them live in zero pages. Not for code that may be interrupted by itself (signals).
#pragma once

#include <sched.h>

#include <atomic>
#include <cstdint>

namespace gordian::rt::record {

class SpinLock {
 public:
  void lock() noexcept {
    // acquire: pairs with the release in unlock(); what the last owner wrote under the lock is seen.
    for (unsigned round = 0; locked_.exchange(true, std::memory_order_acquire); ++round) {
      // relaxed: waits without bouncing the line; the exchange above synchronises.
      while (locked_.load(std::memory_order_relaxed) && round < kSpins) {
        __builtin_ia32_pause();
        ++round;
      }
      if (round >= kSpins) {
        sched_yield();  // keeps errno: it cannot fail on Linux
      }
    }
  }
  void unlock() noexcept { locked_.store(false, std::memory_order_release); }  // pairs with the acquire in lock()

 private:
  static constexpr unsigned kSpins = 200;
  std::atomic<bool> locked_{false};
};

}  // namespace gordian::rt::record
