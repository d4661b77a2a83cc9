// SPDX-License-Identifier: Apache-2.0
// Sketches as a cgraph graph: each mark gets its shape, each stroke its line, every element its class, id, link and
// tooltip. This is the visual language as two tables; the ids (`D1-g7`, `D1-s3`) are unique on the page.
#pragma once

#include <vector>

#include "analyzer/drawing/canvas.h"
#include "analyzer/drawing/palette.h"
#include "analyzer/drawing/sketch.h"

namespace gordian::analysis::drawing {

// One finding: no box around it, the title says it.
void compose(Canvas& canvas, const Sketch& sketch, const Palette& palette);

// Several: one cluster each, laid out apart and tiled in their order. Placed sketches bring their own coordinates and
// titles, and get no clusters.
void compose(Canvas& canvas, const std::vector<Sketch>& sketches, const Palette& palette);

}  // namespace gordian::analysis::drawing
