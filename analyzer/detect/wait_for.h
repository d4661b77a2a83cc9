// SPDX-License-Identifier: Apache-2.0
// The wait-for graph among actors that are known to be stuck: for each wait, who of them would have to act. Where
// stuck.h must name everybody who could possibly help, this names who was meant to, by what the trace shows:
//   a lock      its holders; for a reader behind readers, the writers that wait in between
//   a channel   who ever used, or tried, the other direction; close counts as a send. What main served before it
//   returned,
//               nobody serves any more. If nobody ever used that direction: who waits, through
//               locks, for the waiter itself ("the receiver needs the lock that the sender holds")
//   a barrier   who came to it before, but not in this round
//   Cond        who ever signalled it; nobody if the signal that was meant for the waiter came too early
//   (lost_wakeup.h) semaphore   who holds permits of it; else who ever released some WaitGroup   who owes it a Done
//   (wait_group_debts.h) a thread    itself
// An empty list means that nobody is left; with everybody asleep it may also mean that nobody has begun: unserved.
#pragma once

#include <vector>

#include "analyzer/detect/lost_wakeup.h"
#include "analyzer/detect/stuck.h"
#include "analyzer/detect/wait_group_debts.h"
#include "analyzer/finding/finding.h"
#include "analyzer/graph/digraph.h"

namespace gordian::analysis {

struct Provider {
  ActorId actor{};
  EdgeKind kind = EdgeKind::held;  // held, wake; waits: a thread that is joined
  Place where;                     // held: where it was locked
};

// One thing that an actor waits for; a select has several, in source order.
struct WaitCase {
  ObjectId object{};  // none: a nil channel, or the end of a thread
  bool sends = false;
  std::vector<Provider> providers;   // all stuck; ascending
  const LostSignal* lost = nullptr;  // a Cond: what the waiter came too late for
  bool unserved = false;             // everybody is asleep, and nobody ever sent on it, received from it, signalled it
};

struct Wait {
  const ActorState* actor = nullptr;
  std::vector<WaitCase> cases;
};

// One entry per stuck actor, ascending.
std::vector<Wait> explain_waits(const World& world, const WaitGroupDebts& debts, const LostSignals& signals,
                                const StuckActors& stuck);

// Node i is waits[i]; an arc for each provider.
Digraph actor_graph(const std::vector<Wait>& waits);

}  // namespace gordian::analysis
