// SPDX-License-Identifier: Apache-2.0
// A data race as two lanes, time running down: what each side did around its access, both accesses in one row, joined
// by the order that is missing. Coordinates are our own: the row of an event is its rank in one order in which both
// lanes may have run, so no arrow between the lanes ever points upwards.
#pragma once

#include <string>
#include <vector>

#include "analyzer/drawing/sketch.h"

namespace gordian::analysis::drawing {

// The finding has two actors and two lanes.
Sketch race_sketch(const Finding& finding, const std::string& tag);

// Puts the sketches of several races under each other on one page, each with its title above its lanes.
void stack_races(std::vector<Sketch>& races);

}  // namespace gordian::analysis::drawing
