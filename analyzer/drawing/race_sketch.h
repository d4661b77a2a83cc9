// SPDX-License-Identifier: Apache-2.0
// A data race as two lanes, time running down: what each side did before its access as far as the finding knows it, and
// both accesses in one row, joined by the order that is missing. Coordinates are our own: rows are facts, not layout.
#pragma once

#include <string>
#include <vector>

#include "analyzer/drawing/sketch.h"

namespace gordian::analysis::drawing {

// The finding has two actors.
Sketch race_sketch(const Finding& finding, const std::string& tag);

// Puts the sketches of several races under each other on one page, each with its title above its lanes.
void stack_races(std::vector<Sketch>& races);

}  // namespace gordian::analysis::drawing
