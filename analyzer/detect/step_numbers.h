// SPDX-License-Identifier: Apache-2.0
// Numbers the guilty edges of a wait-for graph in walking order, so that text and drawing can point at the same step:
// one number per edge, from the smallest actor on; where several edges leave a node they get letters, which run on
// along their branch (2a 2b, 3a 3b 4b).
#pragma once

#include <cstdint>

#include "analyzer/finding/finding.h"

namespace gordian::analysis {

// Fills GraphEdge::step of every guilty edge and returns the guilty actor nodes in the order in which they are met.
std::vector<std::uint32_t> number_steps(WaitGraph& graph);

}  // namespace gordian::analysis
