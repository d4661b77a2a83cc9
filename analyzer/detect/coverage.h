// SPDX-License-Identifier: Apache-2.0
// What the analysis could and could not see: an empty list of findings is worth as much as this.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/base/result.h"

namespace gordian::analysis {

struct Coverage {
  std::uint64_t actors = 0;
  std::uint64_t threads = 0;  // of the actors
  std::uint64_t objects = 0;
  std::uint64_t functions = 0;        // instrumented; 0 = nothing was instrumented, so no race can be seen
  std::uint64_t lost_sync = 0;        // events; > 0 makes every finding potential
  std::uint64_t lost_access = 0;      // access words
  std::uint64_t left_out = 0;         // accesses whose site is in no table, or for which there was no room or no time
  std::uint64_t races_uncounted = 0;  // races between two places on ever more objects, beyond those that are kept
  bool lock_orders_complete = true;   // the search for cycles was not cut short
  std::optional<Error> truncated;     // the trace ends early: where and why
};

}  // namespace gordian::analysis
