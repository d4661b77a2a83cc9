// SPDX-License-Identifier: Apache-2.0
// HTML-like labels of Graphviz from raw rows. Tables are flat: nested ones and COLSPAN stretch the small cells. Every
// text passes html_text() here, and only here.
#pragma once

#include <string>
#include <vector>

#include "analyzer/drawing/palette.h"
#include "analyzer/drawing/sketch.h"

namespace gordian::analysis::drawing {

// With a badge (of a note) it stands before the first row.
std::string node_label(const std::vector<Row>& rows, const std::string& badge, const Palette& palette);
// Badge, words, and the place under the words. Empty if there is nothing to say.
std::string edge_label(const SketchEdge& edge, const std::string& badge, const Palette& palette);
// Bold title, then the legend in small lines.
std::string title_label(const std::string& title, const std::vector<std::string>& legend);

}  // namespace gordian::analysis::drawing
