// SPDX-License-Identifier: Apache-2.0
// Folds cycles: of every cycle among the guilty edges, the second half is given to the layout backwards. It then sees
// no back edge and draws a ring of two columns, instead of one closing edge along the whole picture. Cycles are found
// by one depth-first walk along the edges in their given order, so the answer depends on nothing else.
#pragma once

#include "analyzer/drawing/sketch.h"

namespace gordian::analysis::drawing {

void fold_cycles(Sketch& sketch);

}  // namespace gordian::analysis::drawing
