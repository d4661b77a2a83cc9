// SPDX-License-Identifier: Apache-2.0
// The system's clocks, in nanoseconds. Nothing else in the runtime reads one: due times, the age of waits and the times
// in chunk headers can be compared.
#pragma once

#include <cstdint>
#include <ctime>

namespace gordian::rt::record {

inline std::uint64_t clock_ns(clockid_t clock) noexcept {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

inline std::uint64_t monotonic_ns() noexcept { return clock_ns(CLOCK_MONOTONIC); }

}  // namespace gordian::rt::record
