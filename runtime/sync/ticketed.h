// SPDX-License-Identifier: Apache-2.0
// Records an operation with the next ticket of its object, and the object's end, for every kind of state that has one
// ticket sequence.
#pragma once

#include "runtime/record/recorder.h"
#include "runtime/wait/table.h"

namespace gordian::rt::sync {

// The caller owns the object's sequence: it holds the guard, or the lock itself ([M1] in mutex.cc).
template <class State, class Event>
void record_ticketed(State& state, Event event) noexcept {
  if (record::enabled()) {
    event.object = wait::identify(state.object, &state);
    event.ticket = ++state.ticket;
    record::emit_enabled(event);
  }
}

// The end of an object that was used, if that was recorded.
template <class State>
void record_end(State& state) noexcept {
  const std::uint64_t id = state.object.id.load(std::memory_order_relaxed);  // relaxed: nobody uses it any more
  if (record::is_introduced(id)) {
    record::emit(trace::ObjectEnd{.object = id, .ticket = ++state.ticket});
  }
}

}  // namespace gordian::rt::sync
