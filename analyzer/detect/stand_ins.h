// SPDX-License-Identifier: Apache-2.0
// Accesses that the pass left out because one that was recorded stands for them (instrument/pass/covered.h): between
// the two nothing synchronises, and the recorded one touches all that the other does.
#pragma once

#include <vector>

#include "analyzer/detect/detector.h"
#include "analyzer/model/past_access.h"

namespace gordian::analysis {

// Source places other than the access's own, or other roles there.
[[nodiscard]] std::vector<StandIn> stands_for(const Scene& scene, const PastAccess& access);
// Some of them is a read.
[[nodiscard]] bool stands_for_a_read(const Symbols& symbols, const PastAccess& access);
[[nodiscard]] Role role_of(trace::AccessKind kind);

}  // namespace gordian::analysis
