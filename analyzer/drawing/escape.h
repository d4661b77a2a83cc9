// SPDX-License-Identifier: Apache-2.0
// Names from the program under test are hostile until shown otherwise: markup, quotes, Graphviz's own backslash
// escapes, control bytes, broken UTF-8. Each function makes one text safe for one place, and nothing else may write
// there.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::analysis::drawing {

// For the text inside an HTML-like label.
std::string html_text(std::string_view text);

// For a plain attribute: tooltips.
std::string plain_text(std::string_view text);

// "file:///a/b.cc#L57", percent-encoded, because Graphviz writes links unescaped. "" without an absolute path.
std::string link_to(const Frame& frame);

// At most 44 characters, cut in the middle; the last ::component stays whole if it fits.
std::string shortened(std::string_view name);

}  // namespace gordian::analysis::drawing
