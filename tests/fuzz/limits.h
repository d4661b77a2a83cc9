// SPDX-License-Identifier: Apache-2.0
// What one trace of a test may cost: whoever takes longer or asks for more is killed.
#pragma once

#include <sys/resource.h>
#include <sys/time.h>

namespace gordian::test {

inline constexpr time_t kSecondsEach = 10;
inline constexpr rlim_t kMostMemory = rlim_t{2} << 30;

// Under a sanitizer its own limit on a single allocation holds (hostile_test.py): its shadow is beyond any of ours.
inline void limit_memory() {
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
  const rlimit limit{kMostMemory, kMostMemory};
  setrlimit(RLIMIT_AS, &limit);
#endif
}

// From now on for the next one. Of the processor's time: another one's load is no fault.
inline void limit_time() {
  const itimerval limit{{0, 0}, {kSecondsEach, 0}};
  setitimer(ITIMER_PROF, &limit, nullptr);
}

}  // namespace gordian::test
