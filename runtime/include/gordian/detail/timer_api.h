// SPDX-License-Identifier: Apache-2.0
// The door to the runtime's timers. A timer is shared by its handles; one that calls a function keeps it until the last
// handle is gone and no call is left to be made.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <utility>

#include "gordian/detail/channel_api.h"
#include "gordian/go.h"

namespace gordian::detail {

struct TimerCore;

// What a timer calls, each time in a goroutine of its own.
class GORDIAN_API TimerBody {
 public:
  TimerBody() = default;
  TimerBody(const TimerBody&) = delete;
  TimerBody& operator=(const TimerBody&) = delete;
  virtual ~TimerBody();
  virtual void run() = 0;
};

GORDIAN_API void sleep_for_ns(std::int64_t nanoseconds) noexcept;
// Not set yet. The channel of the first kind carries the time as nanoseconds of the steady clock; it is the caller's.
GORDIAN_API TimerCore* timer_make_sender(Channel*& channel) noexcept;
GORDIAN_API TimerCore* timer_make_caller(TimerBody* owned, Entry entry) noexcept;
GORDIAN_API void timer_retain(TimerCore* core) noexcept;
GORDIAN_API void timer_release(TimerCore* core) noexcept;
GORDIAN_API TimerBody& timer_body(TimerCore* core) noexcept;
// True: it was set, or its value had not been taken. period 0: once.
GORDIAN_API bool timer_set(TimerCore* core, std::int64_t nanoseconds, std::int64_t period) noexcept;
GORDIAN_API bool timer_stop(TimerCore* core) noexcept;

// A counted reference; the count orders nothing.
class TimerHandle {
 public:
  TimerHandle() noexcept = default;
  explicit TimerHandle(TimerCore* adopted) noexcept : core_(adopted) {}
  TimerHandle(const TimerHandle& other) noexcept : core_(other.core_) {
    if (core_ != nullptr) {
      timer_retain(core_);
    }
  }
  TimerHandle(TimerHandle&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}
  TimerHandle& operator=(TimerHandle other) noexcept {
    std::swap(core_, other.core_);
    return *this;
  }
  ~TimerHandle() {
    if (core_ != nullptr) {
      timer_release(core_);
    }
  }
  [[nodiscard]] TimerCore* get() const noexcept { return core_; }

 private:
  TimerCore* core_ = nullptr;
};

// The goroutine of one call. Compiled with the user's flags: an exception may travel through it.
inline void run_timer_body(void* storage) {
  const TimerHandle timer(*static_cast<TimerCore**>(storage));
  try {
    timer_body(timer.get()).run();
  } catch (const GoexitUnwind&) {  // goexit(): the goroutine just ends
  } catch (...) {
    die_of_uncaught(std::current_exception());
  }
}

template <class F>
class TimerFunction final : public TimerBody {
 public:
  explicit TimerFunction(F f) : f_(std::move(f)) {}
  void run() override { f_(); }

 private:
  F f_;
};

template <class Rep, class Period>
std::int64_t nanoseconds_of(std::chrono::duration<Rep, Period> d) noexcept {
  return std::chrono::ceil<std::chrono::nanoseconds>(d).count();
}

}  // namespace gordian::detail
