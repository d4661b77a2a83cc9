// SPDX-License-Identifier: Apache-2.0
// How much was waited for one lock or channel: figures, never a finding. Times come from the cycle counts of blocks and
// switches: waits are exact, a hold is at least as long as said.
#pragma once

#include <cstdint>

#include "analyzer/finding/finding.h"

namespace gordian::analysis {

struct Contention {
  ObjectRef object;
  std::uint64_t acquisitions = 0;  // locks: successful; channels: sends and receives
  std::uint64_t waits = 0;         // requests that blocked, those with a time limit and those that never ended included
  std::uint64_t failed = 0;        // attempts that came back without it
  std::uint64_t bypasses = 0;      // how often a request that began later was served before a waiting one
  std::uint64_t waited_ns = 0;     // together
  std::uint64_t longest_wait_ns = 0;
  Frame longest_wait_at;
  std::uint64_t longest_hold_ns = 0;  // locks: at least so long; 0 = no two times are known within a hold
  Frame longest_hold_at;
};

}  // namespace gordian::analysis
