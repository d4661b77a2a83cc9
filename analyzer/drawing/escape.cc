// SPDX-License-Identifier: Apache-2.0
// Measured on Graphviz 2.42: \N is replaced by the node's name in HTML text and tooltips alike, even when doubled; a
// WORD JOINER (U+2060, no width) after the backslash stops that. Plain attributes decode entities, so & is escaped
// there too.
#include "analyzer/drawing/escape.h"

#include "analyzer/finding/utf8.h"

namespace gordian::analysis::drawing {
namespace {

constexpr std::string_view kWordJoiner = "\xE2\x81\xA0";  // U+2060
constexpr std::size_t kLongestName = 44;

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return {};
  }
}

// Every character that is special in one of the two kinds of text, backslashes spelled as asked.
std::string escaped(std::string_view text, std::string_view backslash) {
  std::string out;
  for (const char c : utf8_repaired(text)) {
    if (c == '\\') {
      out.append(backslash).append(kWordJoiner);
    } else if (const std::string_view name = entity(c); !name.empty()) {
      out += name;
    } else {
      out += c;
    }
  }
  return out;
}

bool link_safe(unsigned char c) {
  constexpr std::string_view kMarks = "/-._~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(static_cast<char>(c)) != std::string_view::npos;
}

}  // namespace

std::string html_text(std::string_view text) { return escaped(text, "\\"); }

std::string plain_text(std::string_view text) { return escaped(text, "\\\\"); }

std::string link_to(const Frame& frame) {
  constexpr char kHex[] = "0123456789ABCDEF";
  if (frame.file.empty() || frame.file.front() != '/') return "";
  std::string url = "file://";
  for (const char c : frame.file) {
    const auto byte = static_cast<unsigned char>(c);
    if (link_safe(byte)) {
      url += c;
    } else {
      url += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return frame.line == 0 ? url : url + "#L" + std::to_string(frame.line);
}

std::string shortened(std::string_view name) {
  const std::string whole = utf8_repaired(name);
  const std::size_t length = utf8_length(whole);
  if (length <= kLongestName) return whole;
  const std::size_t scope = whole.rfind("::");
  std::size_t tail = scope == std::string::npos ? 0 : utf8_length(std::string_view(whole).substr(scope));
  if (tail == 0 || tail > kLongestName - 12) tail = kLongestName / 2;
  const std::size_t head = kLongestName - 1 - tail;
  return whole.substr(0, utf8_offset(whole, head)) + "\xE2\x80\xA6" + whole.substr(utf8_offset(whole, length - tail));
}

}  // namespace gordian::analysis::drawing
