// SPDX-License-Identifier: Apache-2.0
// FUTEX_WAIT and FUTEX_WAKE on words of this process. Both keep errno.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <ctime>

namespace gordian::rt::sched {

inline constexpr std::int64_t kForEver = -1;

// Sleeps while the word is `seen`; may return for no reason.
inline void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t seen, std::int64_t nanoseconds) noexcept {
  const int saved = errno;
  const timespec timeout{nanoseconds / 1000000000, nanoseconds % 1000000000};
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, seen, nanoseconds == kForEver ? nullptr : &timeout, nullptr, 0);
  errno = saved;
}

inline void futex_wake_one(const std::atomic<std::uint32_t>& word) noexcept {
  const int saved = errno;
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  errno = saved;
}

}  // namespace gordian::rt::sched
