// SPDX-License-Identifier: Apache-2.0
// From recorded lanes to what a finding says: acts with names and places, gaps as counts, and the rank of each event in
// one order in which both lanes may have run.
#pragma once

#include "analyzer/detect/detector.h"
#include "analyzer/detect/lanes.h"
#include "analyzer/finding/finding.h"

namespace gordian::analysis {

// Fills lanes and orders; the finding's actors are those of the lanes.
void describe_lanes(const Scene& scene, const RaceLanes& race, Finding& finding);

}  // namespace gordian::analysis
