// SPDX-License-Identifier: Apache-2.0
// The door to the runtime's locks. Every function that can fail says so; unlocking what is not locked ends the program.
#pragma once

#include <cstdint>

#include "gordian/detail/api.h"
#include "gordian/detail/object_state.h"
#include "gordian/panic.h"

namespace gordian::detail {

GORDIAN_API void mutex_lock(MutexState& state) noexcept;
GORDIAN_API bool mutex_try_lock(MutexState& state) noexcept;
GORDIAN_API bool mutex_try_lock_for(MutexState& state, std::int64_t nanoseconds) noexcept;
GORDIAN_API void mutex_unlock(MutexState& state) noexcept;
GORDIAN_API void mutex_destroy(MutexState& state) noexcept;

GORDIAN_API void rw_lock(RWMutexState& state) noexcept;
GORDIAN_API bool rw_try_lock(RWMutexState& state) noexcept;
GORDIAN_API void rw_unlock(RWMutexState& state) noexcept;
GORDIAN_API void rw_lock_shared(RWMutexState& state) noexcept;
GORDIAN_API bool rw_try_lock_shared(RWMutexState& state) noexcept;
GORDIAN_API void rw_unlock_shared(RWMutexState& state) noexcept;
GORDIAN_API void rw_destroy(RWMutexState& state) noexcept;

GORDIAN_API PanicCode wait_group_add(WaitGroupState& state, std::int64_t delta) noexcept;
GORDIAN_API void wait_group_wait(WaitGroupState& state) noexcept;
GORDIAN_API void wait_group_destroy(WaitGroupState& state) noexcept;

// True: the caller is the first and must call f, then once_end. False: f has returned.
GORDIAN_API bool once_begin(OnceState& state) noexcept;
GORDIAN_API void once_end(OnceState& state) noexcept;
GORDIAN_API void once_destroy(OnceState& state) noexcept;

// Before the user's lock is released; after that. The waiter must stay in place in between.
GORDIAN_API void cond_enlist(CondState& state, CondWaiter& waiter) noexcept;
GORDIAN_API void cond_park(CondState& state, CondWaiter& waiter) noexcept;
GORDIAN_API void cond_signal(CondState& state, bool all) noexcept;
GORDIAN_API void cond_destroy(CondState& state) noexcept;

struct Channel;
// False: until_closed (may be null: never) is closed.
GORDIAN_API bool semaphore_acquire(SemaphoreState& state, std::uint64_t permits, Channel* until_closed) noexcept;
GORDIAN_API bool semaphore_try_acquire(SemaphoreState& state, std::uint64_t permits) noexcept;
GORDIAN_API PanicCode semaphore_release(SemaphoreState& state, std::uint64_t permits) noexcept;
GORDIAN_API void semaphore_destroy(SemaphoreState& state) noexcept;

}  // namespace gordian::detail
