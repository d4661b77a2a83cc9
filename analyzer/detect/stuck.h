// SPDX-License-Identifier: Apache-2.0
// Who can never proceed in the final state of the program: the complement of the least fixpoint of "can proceed".
//
// The argument, clause by clause. What runs, is runnable, sleeps, waits for a descriptor or on a timer proceeds. Who
// waits for a lock needs every present holder to proceed (the release may be later than any event of the trace).
// Everything else - a message, a close, a WaitGroup's Done, the unlock of a lock that is passed between goroutines -
// can come from whoever has a reference, and a trace does not say who has one: handles travel through memory,
// through other channels, through goroutines that have not begun. So any other actor that proceeds may be the one,
// whether it ever touched the object or not. Only main after its return, and actors that ended, never act again.
// Hence "stuck" is never said of a goroutine that some part of the program could still wake; a goroutine that is
// lost while an unrelated one sleeps is the price. Outside of the trace are other processes, whose waits the runtime
// does not write down, and code that runs in no actor: a handler of a signal may post a semaphore, a thread of a timer
// may do anything. Rejected: providers = those that touched the object (G.-V. Saioc et al., ASPLOS 2025, have the
// collector's marks instead): a producer that was created but has not yet sent would make its consumer a false alarm.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/model/world.h"

namespace gordian::analysis {

struct StuckActors {
  std::vector<ActorId> actors;   // ascending
  std::uint32_t proceeding = 0;  // live actors that can proceed; main after its return is neither
  bool everybody = false;        // the whole program is asleep
};

StuckActors find_stuck(const World& world);

}  // namespace gordian::analysis
