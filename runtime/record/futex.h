// SPDX-License-Identifier: Apache-2.0
// FUTEX_WAIT and FUTEX_WAKE on words shared between processes, with a timeout that is never absent. Keeps errno.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <ctime>

namespace gordian::rt::record {

// Returns at a wake-up, at once if the word is not `seen`, after the timeout, or for no reason: callers look again.
inline void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t seen, long milliseconds) noexcept {
  const int saved = errno;
  const timespec timeout{milliseconds / 1000, milliseconds % 1000 * 1000000};
  syscall(SYS_futex, &word, FUTEX_WAIT, seen, &timeout, nullptr, 0);
  errno = saved;
}

inline void futex_wake_all(const std::atomic<std::uint32_t>& word) noexcept {
  const int saved = errno;
  syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
  errno = saved;
}

}  // namespace gordian::rt::record
