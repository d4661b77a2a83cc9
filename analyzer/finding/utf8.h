// SPDX-License-Identifier: Apache-2.0
// Names from the program under test may hold any bytes; whatever is printed, drawn or written as JSON is repaired
// first.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gordian::analysis {

// Well-formed UTF-8 without characters that XML or a terminal must not see: each bad byte or control character becomes
// U+FFFD, tabs and line ends become spaces.
std::string utf8_repaired(std::string_view text);

// Characters, not bytes.
std::size_t utf8_length(std::string_view text);

// Byte offset of the character with this number, from 0; the text is well-formed.
std::size_t utf8_offset(std::string_view text, std::size_t character);

}  // namespace gordian::analysis
