// SPDX-License-Identifier: Apache-2.0
// Records an operation with the next ticket of its object, for every kind of state that has one ticket sequence.
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

}  // namespace gordian::rt::sync
