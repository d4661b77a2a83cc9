// SPDX-License-Identifier: Apache-2.0
// Time: sleep and after. Durations are std::chrono's; sleep(1) does not compile, it would be POSIX sleep. Source:
// package time.
//
//   gordian::sleep(10ms);
//   Select{on_recv(replies, use), on_recv(gordian::after(1s), [] { std::puts("timeout"); })}.run();
#pragma once

#include <chrono>
#include <cstdint>

#include "gordian/chan.h"
#include "gordian/detail/api.h"

namespace gordian {

namespace detail {
GORDIAN_API void sleep_for_ns(std::int64_t nanoseconds) noexcept;
GORDIAN_API void arm_timer(Channel* channel, std::int64_t nanoseconds) noexcept;
template <class Rep, class Period>
std::int64_t nanoseconds_of(std::chrono::duration<Rep, Period> d) noexcept {
  return std::chrono::ceil<std::chrono::nanoseconds>(d).count();
}
}  // namespace detail

// Parks the goroutine (a plain thread: the thread) for at least d; d <= 0 returns at once. Records Block{sleep} and
// Ready.
template <class Rep, class Period>
void sleep(std::chrono::duration<Rep, Period> d) noexcept {
  detail::sleep_for_ns(detail::nanoseconds_of(d));
}

// A channel of capacity 1 that receives one value, the time, after d. Does not block. Records Object, TimerSet, and a
// ChanSend by the clock when it fires: what happens before after() happens before that receive.
template <class Rep, class Period>
[[nodiscard]] RecvChan<std::chrono::steady_clock::time_point> after(std::chrono::duration<Rep, Period> d) {
  Chan<std::chrono::steady_clock::time_point> channel = make_chan<std::chrono::steady_clock::time_point>(1);
  detail::arm_timer(detail::core_of(channel), detail::nanoseconds_of(d));
  return channel;
}

}  // namespace gordian
