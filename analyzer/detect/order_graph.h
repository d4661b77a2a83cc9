// SPDX-License-Identifier: Apache-2.0
// The lock-order graph of one inversion as data for drawing and text: locks are nodes, an arrow leads from what was
// held to what was requested. The cycle is guilty and numbered; orders that touch its locks are shown beside it, with
// the gate locks that make them harmless.
#pragma once

#include <vector>

#include "analyzer/detect/describe.h"
#include "analyzer/detect/lock_cycles.h"
#include "analyzer/finding/finding.h"

namespace gordian::analysis {

WaitGraph draw_orders(const Describer& describe, const LockCycle& cycle,
                      const std::vector<LockDependency>& dependencies);

}  // namespace gordian::analysis
