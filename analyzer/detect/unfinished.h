// SPDX-License-Identifier: Apache-2.0
// Whom the end of the program cut off although nobody can say that it would never have gone on: the complement of
// stuck.h among those that had not ended. A note beside the findings, never one of them.
#pragma once

#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/finding/finding.h"

namespace gordian::analysis {

// Role waits: blocked on something that another could still have done. Role performs: runnable or asleep, so it would
// have gone on by itself; only after main has returned, since exit() is called amid a running program. Ascending.
std::vector<ActorRef> unfinished_actors(const Scene& scene);

}  // namespace gordian::analysis
