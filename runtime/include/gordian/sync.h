// SPDX-License-Identifier: Apache-2.0
// Go's package sync: Mutex, RWMutex, WaitGroup, Once. Constant-initialised, neither copyable nor movable, usable from
// goroutines and plain threads alike; a goroutine that waits parks, its thread runs others. The locks are standard
// Lockables: std::scoped_lock, std::unique_lock, std::shared_lock work. Source: package sync (go1.23); Go memory model,
// "Locks".
//
//   gordian::Mutex mu;
//   std::scoped_lock guard(mu);
#pragma once

#include <chrono>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "gordian/defer.h"
#include "gordian/detail/lock_api.h"
#include "gordian/go.h"

namespace gordian {

// A lock that any goroutine may unlock; not re-entrant. Newcomers may overtake waiters until one has waited 1 ms, then
// it is handed over in order. May be destroyed as soon as nobody holds or wants it.
class GORDIAN_TSA(capability("mutex")) Mutex {
 public:
  constexpr Mutex() noexcept = default;
  ~Mutex() { detail::mutex_destroy(state_); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  // Blocks until the lock is free. The n-th unlock happens before the m-th lock returns, n < m. Records Lock, and Block
  // if it parks.
  void lock() noexcept GORDIAN_TSA(acquire_capability()) { detail::mutex_lock(state_); }
  // Takes the lock if it is free. Records TryLock or TryLockFailed.
  [[nodiscard]] bool try_lock() noexcept GORDIAN_TSA(try_acquire_capability(true)) {
    return detail::mutex_try_lock(state_);
  }
  // Gives up after d. Records as lock or as try_lock.
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(std::chrono::duration<Rep, Period> d) noexcept
      GORDIAN_TSA(try_acquire_capability(true)) {
    return detail::mutex_try_lock_for(state_, std::chrono::ceil<std::chrono::nanoseconds>(d).count());
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(std::chrono::time_point<Clock, Duration> deadline) noexcept
      GORDIAN_TSA(try_acquire_capability(true)) {
    return try_lock_for(deadline - Clock::now());
  }
  // Fatal, "sync: unlock of unlocked mutex", if it is not locked. Records Unlock.
  void unlock() noexcept GORDIAN_TSA(release_capability()) { detail::mutex_unlock(state_); }

 private:
  detail::MutexState state_;
};

// Many readers or one writer. A writer that waits keeps new readers out, so reading recursively can deadlock, as in Go;
// an unlock lets all readers in that wait before the next writer.
class GORDIAN_TSA(capability("mutex")) RWMutex {
 public:
  // The read side as a Lockable of its own: std::scoped_lock guard(rw.reader()) works on the view.
  class GORDIAN_TSA(capability("mutex")) Reader {
   public:
    explicit Reader(RWMutex& rw) noexcept : rw_(&rw) {}
    void lock() noexcept GORDIAN_TSA(acquire_capability()) GORDIAN_TSA(no_thread_safety_analysis) {
      rw_->lock_shared();
    }
    [[nodiscard]] bool try_lock() noexcept GORDIAN_TSA(try_acquire_capability(true))
        GORDIAN_TSA(no_thread_safety_analysis) {
      return rw_->try_lock_shared();
    }
    void unlock() noexcept GORDIAN_TSA(release_capability()) GORDIAN_TSA(no_thread_safety_analysis) {
      rw_->unlock_shared();
    }

   private:
    RWMutex* rw_;
  };

  constexpr RWMutex() noexcept = default;
  ~RWMutex() { detail::rw_destroy(state_); }
  RWMutex(const RWMutex&) = delete;
  RWMutex& operator=(const RWMutex&) = delete;

  // Blocks until no reader and no writer is in. Records Lock, and Block if it parks.
  void lock() noexcept GORDIAN_TSA(acquire_capability()) { detail::rw_lock(state_); }
  [[nodiscard]] bool try_lock() noexcept GORDIAN_TSA(try_acquire_capability(true)) {
    return detail::rw_try_lock(state_);
  }
  // Fatal, "sync: Unlock of unlocked RWMutex", if no writer is in. Records Unlock.
  void unlock() noexcept GORDIAN_TSA(release_capability()) { detail::rw_unlock(state_); }

  // Blocks while a writer is in or waits. Records Lock{shared}, and Block if it parks.
  void lock_shared() noexcept GORDIAN_TSA(acquire_shared_capability()) { detail::rw_lock_shared(state_); }
  [[nodiscard]] bool try_lock_shared() noexcept GORDIAN_TSA(try_acquire_shared_capability(true)) {
    return detail::rw_try_lock_shared(state_);
  }
  // Fatal, "sync: RUnlock of unlocked RWMutex", if no reader is in. Records Unlock{shared}.
  void unlock_shared() noexcept GORDIAN_TSA(release_shared_capability()) { detail::rw_unlock_shared(state_); }

  [[nodiscard]] Reader reader() noexcept { return Reader(*this); }

 private:
  detail::RWMutexState state_;
};

// Waits for a number of things to be done. May be destroyed as soon as wait() has returned, and used again at once.
//
//   WaitGroup wg;
//   wg.go([] { work(); });
//   wg.wait();
class WaitGroup {
 public:
  constexpr WaitGroup() noexcept = default;
  ~WaitGroup() { detail::wait_group_destroy(state_); }
  WaitGroup(const WaitGroup&) = delete;
  WaitGroup& operator=(const WaitGroup&) = delete;

  // Adds n (may be negative) to the counter; at 0 all waiters are released. Call it before the goroutine it counts
  // starts. Throws Panic "sync: negative WaitGroup counter". Records WgAdd.
  void add(std::int64_t n) {
    if (const detail::PanicCode code = detail::wait_group_add(state_, n); code != detail::PanicCode::none) {
      detail::throw_panic(code);
    }
  }
  // add(-1). What happens before done() happens before the wait() that it releases returns.
  void done() { add(-1); }
  // Blocks until the counter is 0. Records WgWait, and Block if it parks.
  void wait() noexcept { detail::wait_group_wait(state_); }
  // Starts a goroutine that calls f, counted from before its start until f has returned or called goexit(). What f
  // throws ends the program and is no done(): a wait() that returned might end it first, with another status. Source:
  // Go 1.26, sync.WaitGroup.Go.
  template <class F>
  void go(F&& f) {
    add(1);
    gordian::go([this, body = std::decay_t<F>(std::forward<F>(f))]() mutable {
      try {
        std::decay_t<F> call = std::move(body);  // what it captured is gone before done()
        call();
      } catch (const detail::GoexitUnwind&) {
        done();
        throw;
      }
      done();
    });
  }

 private:
  detail::WaitGroupState state_;
};

// Calls a function once, whoever comes first; everybody else waits until it has returned.
class Once {
 public:
  constexpr Once() noexcept = default;
  ~Once() { detail::once_destroy(state_); }
  Once(const Once&) = delete;
  Once& operator=(const Once&) = delete;

  // Calls f if this is the first call, otherwise waits for the first to return; a throw counts as a return and passes
  // on. What f does happens before any call() returns. Calling it from f deadlocks, as in Go. Records OnceBegin and
  // OnceEnd, or OnceWait, and Block if it parks.
  template <class F>
  void call(F&& f) {
    if (detail::once_begin(state_)) {
      const Defer finally([this] { detail::once_end(state_); });
      std::forward<F>(f)();
    }
  }

 private:
  detail::OnceState state_;
};

}  // namespace gordian
