// SPDX-License-Identifier: Apache-2.0
// The style sheet that lets an SVG follow the reader's light or dark setting. Graphviz can only point to one, so ours
// is put right behind the opening <svg ...> tag; rules address colours by presentation attribute, which any CSS rule
// beats.
#pragma once

#include <string>

#include "analyzer/drawing/draw.h"

namespace gordian::analysis::drawing {

// The SVG with the style sheet of the theme inside; unchanged if it has no <svg> tag.
std::string with_style(std::string svg, Theme theme);

}  // namespace gordian::analysis::drawing
