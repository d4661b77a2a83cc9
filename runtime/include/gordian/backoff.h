// SPDX-License-Identifier: Apache-2.0
// Pauses between attempts that grow, with a random part, so that those who collided do not collide again: the cure of
// livelock. Source: "Exponential Backoff And Jitter", M. Brooker, AWS Architecture Blog, 2015.
//
//   gordian::Backoff backoff;
//   while (!lock_both()) backoff.sleep();
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "gordian/context.h"
#include "gordian/select.h"
#include "gordian/time.h"

namespace gordian {

struct BackoffOptions {
  std::chrono::nanoseconds first = std::chrono::milliseconds(1);
  std::chrono::nanoseconds most = std::chrono::seconds(1);
  double factor = 2;
  double jitter = 0.5;  // the part of a pause that is random, 0 to 1
};

// Belongs to one goroutine. Copyable.
class Backoff {
 public:
  using Options = BackoffOptions;
  explicit Backoff(Options options = {}) : options_(options), pause_(options.first), random_(seed()) {}

  // Sleeps for the next pause. Records as gordian::sleep.
  void sleep() { gordian::sleep(next()); }
  // The same until the context is over; none if it was not. Records as Select.
  [[nodiscard]] ContextError sleep(const Context& context) {
    Select{on_recv(context.done()), on_recv(after(next()))}.run();
    return context.err();
  }
  // How long to pause now: between (1 - jitter) and 1 times a length that grows by the factor each time, up to `most`.
  [[nodiscard]] std::chrono::nanoseconds next() {
    const std::chrono::nanoseconds pause = std::min(pause_, options_.most);
    const double grown = static_cast<double>(pause.count()) * options_.factor;
    pause_ = grown < static_cast<double>(options_.most.count())
                 ? std::chrono::nanoseconds(static_cast<std::int64_t>(grown))
                 : options_.most;
    ++attempts_;
    const double share = 1 - options_.jitter * uniform();
    return std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(pause.count()) * share));
  }
  // After a success: the next pause is the first one again.
  void reset() noexcept {
    pause_ = options_.first;
    attempts_ = 0;
  }
  // Pauses since the beginning or the last reset.
  [[nodiscard]] std::uint64_t attempts() const noexcept { return attempts_; }

 private:
  static std::uint64_t seed() noexcept {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  // In [0, 1). SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
  double uniform() noexcept {
    std::uint64_t x = random_ += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return static_cast<double>((x ^ x >> 31) >> 11) * 0x1p-53;
  }

  Options options_;
  std::chrono::nanoseconds pause_;
  std::uint64_t attempts_ = 0;
  std::uint64_t random_;
};

}  // namespace gordian
