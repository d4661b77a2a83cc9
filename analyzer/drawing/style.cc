// SPDX-License-Identifier: Apache-2.0
// The dark rules are derived from the two palettes, so that a colour cannot change in one place only.
#include "analyzer/drawing/style.h"

#include <iterator>
#include <utility>

#include "analyzer/drawing/palette.h"

namespace gordian::analysis::drawing {
namespace {

std::string rule(const char* attribute, const char* light, const char* dark) {
  return std::string("[") + attribute + "=\"" + light + "\"]{" + attribute + ":" + dark + "}\n";
}

std::string page(const Palette& palette) {
  return std::string("svg{background:") + palette.background + "}\ntext{fill:" + palette.ink + "}\n";
}

// Light strokes and fills become dark ones; arrow heads are filled with their stroke's colour; badges keep theirs.
std::string dark_rules() {
  using Pair = std::pair<const char*, const char*>;
  const Pair strokes[] = {{kLight.runs, kDark.runs}, {kLight.waited, kDark.waited}, {kLight.guilty, kDark.guilty}};
  const Pair fills[] = {
      {kLight.runs_fill, kDark.runs_fill}, {kLight.waited_fill, kDark.waited_fill}, {kLight.waited, kDark.waited}};
  std::string rules = page(kDark);
  for (const auto& [light, dark] : strokes) rules += rule("stroke", light, dark);
  for (const auto& [light, dark] : fills) rules += rule("fill", light, dark);
  rules += std::string(".edge [fill=\"") + kLight.guilty + "\"][stroke=\"" + kLight.guilty +
           "\"]{fill:" + kDark.guilty + "}\n";
  return rules;
}

std::string style_sheet(Theme theme) {
  const std::string on_badge = std::string("text[fill=\"") + kOnBadge + "\"]{fill:" + kOnBadge + "}\n";
  std::string sheet = "\n<style>\na:hover text{text-decoration:underline}\n";
  if (theme == Theme::automatic) sheet += "svg{color-scheme:light dark}\n";
  sheet += page(kLight) + on_badge;
  if (theme == Theme::automatic) sheet += "@media (prefers-color-scheme:dark){\n" + dark_rules() + on_badge + "}\n";
  if (theme == Theme::dark) sheet += dark_rules() + on_badge;
  return sheet + "</style>";
}

}  // namespace

std::string with_style(std::string svg, Theme theme) {
  const std::size_t tag = svg.find("<svg");
  const std::size_t end = tag == std::string::npos ? tag : svg.find('>', tag);
  if (end != std::string::npos) svg.insert(end + 1, style_sheet(theme));
  return svg;
}

}  // namespace gordian::analysis::drawing
