// SPDX-License-Identifier: Apache-2.0
// Layout and rendering by gvc, in a child process: Graphviz has no time limit, needs minutes for graphs that look
// harmless, and must not take the analyzer down with it. The child inherits the built graph, the parent waits with a
// deadline.
#pragma once

#include <graphviz/cgraph.h>

#include <chrono>
#include <optional>
#include <string>

#include "analyzer/drawing/draw.h"
#include "runtime/base/result.h"

namespace gordian::analysis::drawing {

// The caller holds graphviz_mutex(). Nothing = the deadline passed. Errors: what Graphviz complained about (it may
// complain and still draw something wrong, so any complaint counts).
Result<std::optional<std::string>> render(Agraph_t* graph, const std::string& engine, Format format,
                                          std::chrono::milliseconds deadline);

}  // namespace gordian::analysis::drawing
