// SPDX-License-Identifier: Apache-2.0
// A weighted semaphore: a number of permits, given in the order of asking. Source: golang.org/x/sync/semaphore,
// Weighted.
//
//   gordian::Semaphore slots(8);
//   slots.acquire();
//   gordian::go([&] { GORDIAN_DEFER { slots.release(); }; work(); });
#pragma once

#include <cstdint>

#include "gordian/context.h"
#include "gordian/detail/lock_api.h"

namespace gordian {

// Constant-initialised, neither copyable nor movable. Anybody may release.
class Semaphore {
 public:
  constexpr explicit Semaphore(std::uint64_t permits) noexcept : state_{.size = permits} {}
  ~Semaphore() { detail::semaphore_destroy(state_); }
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  // Blocks until n permits are there and everybody who asked before has got his; for ever if there are not so many.
  // What happens before a release happens before every later acquire returns. Records SemAcquire, and Block if it
  // parks.
  void acquire(std::uint64_t n = 1) noexcept { detail::semaphore_acquire(state_, n, nullptr); }
  // The same until the context is over: then it takes nothing and returns why. None: it has the permits.
  [[nodiscard]] ContextError acquire(const Context& context, std::uint64_t n = 1) noexcept {
    const bool acquired = detail::semaphore_acquire(state_, n, detail::context_done(context.handle().get()));
    return acquired ? ContextError::none : context.err();
  }
  // Takes n permits if they are there and nobody waits. Records SemAcquire if it does.
  [[nodiscard]] bool try_acquire(std::uint64_t n = 1) noexcept { return detail::semaphore_try_acquire(state_, n); }
  // Gives n permits back. Does not block. Throws Panic "semaphore: released more than held". Records SemRelease.
  void release(std::uint64_t n = 1) {
    if (const detail::PanicCode code = detail::semaphore_release(state_, n); code != detail::PanicCode::none) {
      detail::throw_panic(code);
    }
  }

 private:
  detail::SemaphoreState state_;
};

}  // namespace gordian
