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

}  // namespace gordian::detail
