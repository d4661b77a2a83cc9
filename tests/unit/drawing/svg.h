// SPDX-License-Identifier: Apache-2.0
// An SVG read back by an XML parser: its groups (nodes, edges, clusters, the graph) with class, id, texts, links,
// tooltips.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace gordian::analysis::samples {

// A coloured box with a white number in it: y coordinates, downwards.
struct SvgBadge {
  double top = 0;
  double bottom = 0;
  double baseline = 0;
};

struct SvgGroup {
  std::string id;
  std::set<std::string> classes;
  std::vector<std::string> texts;
  std::set<std::string> links;
  std::set<std::string> tooltips;
  std::vector<SvgBadge> badges;

  [[nodiscard]] bool is(const std::string& name) const { return classes.count(name) != 0; }
  [[nodiscard]] bool says(const std::string& text) const;
};

struct Svg {
  std::string error;  // of the parser; empty = well-formed
  std::vector<SvgGroup> groups;
  std::set<std::string> elements;    // names of all elements
  std::set<std::string> attributes;  // names of all attributes
  std::vector<std::string> ids;      // of all elements, with repetitions

  [[nodiscard]] std::vector<SvgGroup> with(const std::string& first, const std::string& second = "") const;
  [[nodiscard]] const SvgGroup* by_id(const std::string& id) const;
};

Svg parse_svg(const std::string& text);

}  // namespace gordian::analysis::samples
