// SPDX-License-Identifier: Apache-2.0
// Time: sleep, after, tick, Timer, Ticker, after_func. Durations are std::chrono's; sleep(1) does not compile, it would
// be POSIX sleep. Handles are cheap to copy and share one timer. A timer's channel looks empty and unbuffered: len()
// and cap() are 0, and after stop() or reset() has returned no value of the time before arrives. Source: package time
// (go1.23).
//
//   gordian::sleep(10ms);
//   Select{on_recv(replies, use), on_recv(gordian::after(1s), [] { std::puts("timeout"); })}.run();
#pragma once

#include <chrono>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "gordian/chan.h"
#include "gordian/detail/timer_api.h"
#include "gordian/panic.h"

namespace gordian {

// Parks the goroutine (a plain thread: the thread) for at least d; d <= 0 returns at once. Records Block{sleep} and
// Ready.
template <class Rep, class Period>
void sleep(std::chrono::duration<Rep, Period> d) noexcept {
  detail::sleep_for_ns(detail::nanoseconds_of(d));
}

namespace detail {

using TimePoint = std::chrono::steady_clock::time_point;

// A timer with a channel; what Timer and Ticker share.
class Clockwork {
 public:
  [[nodiscard]] const RecvChan<TimePoint>& channel() const noexcept { return channel_; }

 protected:
  Clockwork() = default;
  struct Sends {};
  explicit Clockwork(Sends) : Clockwork(static_cast<Channel*>(nullptr)) {}
  explicit Clockwork(TimerCore* caller) noexcept : timer_(caller) {}
  bool set(std::int64_t nanoseconds, std::int64_t period) const noexcept {
    return timer_set(timer_.get(), nanoseconds, period);
  }
  bool unset() const noexcept { return timer_stop(timer_.get()); }

 private:
  explicit Clockwork(Channel* made) : timer_(timer_make_sender(made)), channel_(Handle(made)) {}

  TimerHandle timer_;
  RecvChan<TimePoint> channel_;
};

}  // namespace detail

// Goes off once, after d: sends the time to its channel, or calls a function (after_func). It keeps running when its
// handles are gone, as long as somebody has the channel.
class Timer : public detail::Clockwork {
 public:
  // Does not block. What happens before the timer is set happens before the receive of its value, or before the call.
  // Records Object and TimerSet, and a ChanSend by the clock when the value is received.
  template <class Rep, class Period>
  explicit Timer(std::chrono::duration<Rep, Period> d) : Clockwork(Sends{}) {
    set(detail::nanoseconds_of(d), 0);
  }

  // Prevents it from going off. False if it has gone off (and its value was received) or was stopped before; a call
  // that has begun is not waited for. Records TimerStop if true.
  bool stop() const noexcept { return unset(); }
  // Sets it anew, for d from now on. True if it was set, or its value had not been received. Records TimerSet.
  template <class Rep, class Period>
  bool reset(std::chrono::duration<Rep, Period> d) const noexcept {
    return set(detail::nanoseconds_of(d), 0);
  }

 private:
  explicit Timer(detail::TimerCore* caller) noexcept : Clockwork(caller) {}
  template <class Rep, class Period, class F>
  friend Timer after_func(std::chrono::duration<Rep, Period> d, F&& f);
};

// Calls f in a goroutine of its own after d; reset() makes it call again. channel() is nil. Copying f may throw.
// Records TimerSet, and a TimerCall by the clock.
//
//   const Timer alarm = after_func(5s, [] { std::puts("still there?"); });
//   work();
//   alarm.stop();
template <class Rep, class Period, class F>
Timer after_func(std::chrono::duration<Rep, Period> d, F&& f) {
  auto* const body = new detail::TimerFunction<std::decay_t<F>>(std::forward<F>(f));
  Timer timer(detail::timer_make_caller(body, &detail::run_timer_body));
  timer.set(detail::nanoseconds_of(d), 0);
  return timer;
}

// Sends the time again and again, every d; what nobody has received when the next time comes is dropped.
class Ticker : public detail::Clockwork {
 public:
  // Throws Panic "non-positive interval for NewTicker". Records as Timer.
  template <class Rep, class Period>
  explicit Ticker(std::chrono::duration<Rep, Period> d) : Clockwork(Sends{}) {
    start(detail::nanoseconds_of(d), "non-positive interval for NewTicker");
  }
  // No more ticks. The channel stays open: a receive blocks. Records TimerStop.
  void stop() const noexcept { static_cast<void>(unset()); }
  // Stops it and begins anew with another interval. Throws Panic "non-positive interval for Ticker.Reset".
  template <class Rep, class Period>
  void reset(std::chrono::duration<Rep, Period> d) const {
    start(detail::nanoseconds_of(d), "non-positive interval for Ticker.Reset");
  }

 private:
  void start(std::int64_t nanoseconds, const char* refusal) const {
    if (nanoseconds <= 0) {
      panic(refusal);
    }
    set(nanoseconds, nanoseconds);
  }
};

// The channel of a Timer: one value, the time, after d.
template <class Rep, class Period>
[[nodiscard]] RecvChan<detail::TimePoint> after(std::chrono::duration<Rep, Period> d) {
  return Timer(d).channel();
}

// The channel of a Ticker that runs as long as somebody has the channel; nil if d is not positive.
template <class Rep, class Period>
[[nodiscard]] RecvChan<detail::TimePoint> tick(std::chrono::duration<Rep, Period> d) {
  return d <= d.zero() ? RecvChan<detail::TimePoint>() : Ticker(d).channel();
}

}  // namespace gordian
