// SPDX-License-Identifier: Apache-2.0
// What orders threads without being a lock, written as what it is to a memory model: operations on an atomic at the
// object's address. A release is written before its effect can be seen, an acquisition after its effect was.
#pragma once

#include <cstdint>

#include "runtime/abi/hooks.h"
#include "runtime/record/recorder.h"
#include "runtime/trace/event.h"

namespace gordian::rt::record {

inline bool is_recorded() noexcept { return enabled() && !is_internal() && current_actor() != nullptr; }

inline void note_atomic(const void* object, trace::AtomicOp op, trace::AtomicOrder order) noexcept {
  if (is_recorded()) {
    const auto word = static_cast<std::uint32_t>(order);
    gordian_rt_atomic_begin(object);
    gordian_rt_atomic_end(object, GORDIAN_RT_AT_CALL,
                          gordian_rt_atomic_info(static_cast<std::uint32_t>(op), word, word, 0), 1);
  }
}

// Everybody who acquires later is ordered after it: alone, or after all who released before it as well.
inline void note_only_release(const void* object) noexcept {
  note_atomic(object, trace::AtomicOp::store, trace::AtomicOrder::release);
}
inline void note_added_release(const void* object) noexcept {
  note_atomic(object, trace::AtomicOp::rmw, trace::AtomicOrder::release);
}
inline void note_acquire(const void* object) noexcept {
  note_atomic(object, trace::AtomicOp::load, trace::AtomicOrder::acquire);
}

}  // namespace gordian::rt::record
