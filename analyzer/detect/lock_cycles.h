// SPDX-License-Identifier: Apache-2.0
// Cycles among lock dependencies that could hang: each requests a lock that the next one holds (Goodlock: K. Havelund,
// SPIN 2000; iGoodlock: P. Joshi et al., PLDI 2009). A cycle needs
//   one actor per request, all distinct, and all requested locks distinct;
//   no gate lock: no two of the held sets share a lock that one of them holds exclusively;
//   conflicting modes: a read request waits for a reader only if a further actor's write request can come in between,
//     since a pending writer holds new readers up;
//   moments at which all the requests can be pending together (hard_order.h).
// Locks that were ever unlocked by another actor than their locker pass between actors, hold nothing, and are left out.
#pragma once

#include <optional>
#include <vector>

#include "analyzer/detect/lock_dependencies.h"
#include "analyzer/graph/cycles.h"

namespace gordian::analysis {

struct CycleEdge {
  const LockDependency* dependency = nullptr;
  const LockRequester* requester = nullptr;
  ObjectId held{};  // the lock that the previous edge requests
};

struct LockCycle {
  std::vector<CycleEdge> edges;  // each requests what the next one holds; the smallest actor first
  // Write requests that must come in between readers; their `held` is the lock they request.
  std::vector<CycleEdge> writers;
};

struct LockCycles {
  std::vector<LockCycle> cycles;  // shortest first
  bool complete = true;
};

LockCycles find_lock_cycles(const World& world, const std::vector<LockDependency>& dependencies,
                            const CycleLimits& limits);

// The locks that exclude two holders from each other: held by both, by one of them exclusively.
std::vector<ObjectId> common_gates(const HeldSet& a, const HeldSet& b);

}  // namespace gordian::analysis
