// SPDX-License-Identifier: Apache-2.0
// Point sizes and cells were chosen by looking: a badge is one cell with a width and a height (else white digits stick
// out of it at the top, where there is nothing to see them against), 10 pt code is the size whose width Graphviz
// measures right.
#include "analyzer/drawing/labels.h"

#include <utility>

#include "analyzer/drawing/escape.h"
#include "analyzer/finding/utf8.h"

namespace gordian::analysis::drawing {
namespace {

constexpr const char* kTable = R"(<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">)";
constexpr const char* kSpace = "&#160;";
constexpr int kBesideLine = 5;  // dot puts a label's left side on its line

std::string sized(int points, const std::string& markup) {
  return "<FONT POINT-SIZE=\"" + std::to_string(points) + "\">" + markup + "</FONT>";
}

std::string code(const std::string& text) {
  return std::string("<FONT FACE=\"") + kCodeFont + "\" POINT-SIZE=\"10\">" + html_text(text) + "</FONT>";
}

std::string styled(const Row& row) {
  const std::string text = row.text.empty() ? kSpace : html_text(row.text);
  switch (row.style) {
    case RowStyle::small:
      return sized(9, text);
    case RowStyle::name:
      return sized(12, "<B>" + text + "</B>");
    case RowStyle::big:
      return sized(16, "<B>" + text + "</B>");
    case RowStyle::code:
      return code(row.text);
  }
  return text;
}

std::string gap(const char* side, int points) {
  return std::string("<TD ") + side + "=\"" + std::to_string(points) + "\"></TD>";
}

// Bold text is measured too narrow: room at its end.
std::string line(const std::string& markup) {
  return "<TR><TD ALIGN=\"LEFT\">" + markup + "</TD>" + gap("WIDTH", 14) + "</TR>";
}

std::string badge_cell(const std::string& badge, const Palette& palette) {
  const std::size_t width = 16 + 6 * (utf8_length(badge) - 1);
  return "<TD WIDTH=\"" + std::to_string(width) + "\" HEIGHT=\"16\" BGCOLOR=\"" + palette.badge + "\"><FONT COLOR=\"" +
         kOnBadge + "\" POINT-SIZE=\"11\"><B>" + html_text(badge) + "</B></FONT></TD>" + gap("WIDTH", 4);
}

}  // namespace

std::string node_label(const std::vector<Row>& rows, const std::string& badge, const Palette& palette) {
  std::string label = kTable;
  std::string cell = badge.empty() ? "" : badge_cell(badge, palette);
  for (const Row& row : rows) label += "<TR>" + std::exchange(cell, "") + "<TD>" + styled(row) + "</TD></TR>";
  return label + "</TABLE>";
}

std::string edge_label(const SketchEdge& edge, const std::string& badge, const Palette& palette) {
  if (badge.empty() && edge.words.empty() && edge.place.empty()) return "";
  const bool badged = !badge.empty();
  std::string label = kTable;
  label += "<TR>" + (badged ? badge_cell(badge, palette) : gap("WIDTH", kBesideLine));
  label += "<TD ALIGN=\"LEFT\">" + html_text(edge.words) + "</TD></TR>";
  if (!edge.place.empty()) {
    label += std::string("<TR>") + (badged ? "<TD></TD><TD></TD>" : "<TD></TD>");
    label += "<TD ALIGN=\"LEFT\">" + code(edge.place) + "</TD></TR>";
  }
  return label + "</TABLE>";
}

std::string title_label(const std::string& title, const std::vector<std::string>& legend) {
  std::string label = kTable;
  label += line(sized(14, "<B>" + html_text(title) + "</B>"));
  for (const std::string& words : legend) label += line(sized(10, html_text(words)));
  if (!legend.empty()) label += "<TR>" + gap("HEIGHT", 8) + "</TR>";
  return label + "</TABLE>";
}

}  // namespace gordian::analysis::drawing
