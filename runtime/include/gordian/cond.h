// SPDX-License-Identifier: Apache-2.0
// Condition variables. A signal is not kept: who waits after it waits for the next one. So what is waited for is kept
// in a variable, changed under the lock and tested in a loop. Source: package sync (go1.23).
//
//   gordian::Mutex mu;
//   gordian::Cond ready{mu};
//   { std::scoped_lock guard(mu); done = true; ready.signal(); }           // one side
//   { std::scoped_lock guard(mu); ready.wait([&] { return done; }); }      // the other
#pragma once

#include <memory>

#include "gordian/detail/lock_api.h"

namespace gordian {

// Waits under any BasicLockable (Mutex, RWMutex, rw.reader(), std::mutex), which it does not own. Waiters are woken in
// the order in which they came, and never without a signal. Neither copyable nor movable.
class Cond {
 public:
  template <class Lock>
  constexpr explicit Cond(Lock& lock) noexcept
      : lock_(std::addressof(lock)),
        acquire_([](void* held) { static_cast<Lock*>(held)->lock(); }),
        release_([](void* held) { static_cast<Lock*>(held)->unlock(); }) {}
  ~Cond() { detail::cond_destroy(state_); }
  Cond(const Cond&) = delete;
  Cond& operator=(const Cond&) = delete;

  // Releases the lock, which the caller holds, blocks until a signal that comes after that, and takes the lock again.
  // The signal happens before wait() returns. Records Unlock, Block, CondWait, Lock.
  void wait() {
    detail::CondWaiter waiter;
    detail::cond_enlist(state_, waiter);  // before the lock is released: no signal falls in between
    [this]() noexcept { release_(lock_); }();
    detail::cond_park(state_, waiter);
    acquire_(lock_);
  }
  // Waits until holds() is true, which it is then, under the lock.
  template <class Predicate>
  void wait(Predicate holds) {
    while (!holds()) {
      wait();
    }
  }

  // Wakes the one who has waited longest, if anybody waits. The caller may hold the lock and need not. Does not block.
  // Records CondSignal.
  void signal() noexcept { detail::cond_signal(state_, false); }
  // Wakes everybody who waits.
  void broadcast() noexcept { detail::cond_signal(state_, true); }

 private:
  detail::CondState state_;
  void* lock_;
  void (*acquire_)(void* lock);
  void (*release_)(void* lock);
};

}  // namespace gordian
