// SPDX-License-Identifier: Apache-2.0
// The wait-for graph of one finding as data for drawing and text: waiter -> resource -> who must act, with "nobody"
// where no one is left. At least three goroutines that were created at one place, block at one place and wait for the
// same are one node with a count.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/detect/describe.h"
#include "analyzer/detect/wait_for.h"
#include "analyzer/finding/finding.h"

namespace gordian::analysis {

// A wait that takes part, and to which guilty component it belongs: edges between members of one component, and from
// them to nobody, are guilty. 0 = it only hangs on them.
struct Member {
  const Wait* wait = nullptr;
  std::uint32_t component = 0;
};

// Members in ascending order of actors. Providers that are not members are left out.
WaitGraph draw_waits(const Describer& describe, const std::vector<Member>& members);

// What an actor waits for, where, and what it holds meanwhile.
ActorRef waiting_actor(const Describer& describe, const Wait& wait);

}  // namespace gordian::analysis
