// SPDX-License-Identifier: Apache-2.0
// The wait-for or lock-order graph of a finding as a sketch: waiter -> resource -> holder, read along the arrows. Nodes
// and edges stand in walking order (first the guilty ones, by step, then the rest, by id), whatever order the finding
// had.
#pragma once

#include <string>

#include "analyzer/drawing/sketch.h"

namespace gordian::analysis::drawing {

Sketch wait_sketch(const Finding& finding, const std::string& tag);

}  // namespace gordian::analysis::drawing
