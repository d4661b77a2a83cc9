// SPDX-License-Identifier: Apache-2.0
// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
#include "analyzer/finding/utf8.h"

#include <algorithm>
#include <array>
#include <optional>

namespace gordian::analysis {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Decoded {
  char32_t code = 0;
  std::size_t bytes = 1;
};

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

std::optional<Decoded> decode(std::string_view text) {
  constexpr std::array<unsigned char, 5> kLeadMask = {0, 0x7F, 0x1F, 0x0F, 0x07};
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length == 0 || length > text.size()) return std::nullopt;
  char32_t code = lead & kLeadMask[length];
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return std::nullopt;
    code = code << 6 | (byte & 0x3F);
  }
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (code < kLeast[length] || code > 0x10FFFF || surrogate) return std::nullopt;
  return Decoded{code, length};
}

bool forbidden(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code & 0xFFFE) == 0xFFFE; }

}  // namespace

std::string utf8_repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::optional<Decoded> next = decode(text);
    const std::size_t bytes = next ? next->bytes : 1;
    if (next && (next->code == '\n' || next->code == '\t')) {
      out += ' ';
    } else {
      out += next && !forbidden(next->code) ? text.substr(0, bytes) : kReplacement;
    }
    text.remove_prefix(bytes);
  }
  return out;
}

std::size_t utf8_length(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t utf8_offset(std::string_view text, std::size_t characters) {
  std::size_t offset = 0;
  while (offset < text.size() && characters-- > 0) {
    offset += decode(text.substr(offset)).value_or(Decoded{}).bytes;
  }
  return offset;
}

}  // namespace gordian::analysis
