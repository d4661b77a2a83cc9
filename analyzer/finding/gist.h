// SPDX-License-Identifier: Apache-2.0
// A finding in one clause, for the first line of its report and the title of its drawing: what was observed, in words
// that need no legend. The kind, the tag and the certainty stand beside it and are not repeated.
#pragma once

#include <string>

#include "analyzer/finding/finding.h"

namespace gordian::analysis {

// "2 goroutines wait for each other for ever", "counter is written and read, and nothing orders the two".
std::string gist_of(const Finding& finding);

// The guilty edges are one cycle without branches: AND waits only, each step begins where the one before ended.
bool is_ring(const WaitGraph& graph);

// Actors that belong to the finding: the guilty ones of its graph, else all that it names.
std::size_t guilty_actors(const Finding& finding);

}  // namespace gordian::analysis
