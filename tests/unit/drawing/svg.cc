// SPDX-License-Identifier: Apache-2.0
// libxml2 without network, entities or recovery: what it accepts, browsers accept.
#include "tests/unit/drawing/svg.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <limits>
#include <sstream>

namespace gordian::analysis::samples {
namespace {

const char* name_of(const xmlNode* node) { return reinterpret_cast<const char*>(node->name); }

std::string owned(xmlChar* text) {
  std::string copy = text == nullptr ? "" : reinterpret_cast<const char*>(text);
  xmlFree(text);
  return copy;
}

std::string attribute(xmlNode* node, const char* name) {
  return owned(xmlGetProp(node, reinterpret_cast<const xmlChar*>(name)));
}

std::set<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::set<std::string> set;
  for (std::string word; stream >> word;) set.insert(word);
  return set;
}

// From "x,y x,y ...".
SvgBadge box_of(const std::string& points) {
  SvgBadge box{.top = std::numeric_limits<double>::max(), .bottom = std::numeric_limits<double>::lowest()};
  std::istringstream stream(points);
  for (std::string point; stream >> point;) {
    const double y = std::stod(point.substr(point.find(',') + 1));
    box.top = std::min(box.top, y);
    box.bottom = std::max(box.bottom, y);
  }
  return box;
}

// A white text belongs to the box that stands just before it.
void collect_badge(xmlNode* node, SvgBadge& box, SvgGroup& group) {
  if (std::string(name_of(node)) == "polygon") box = box_of(attribute(node, "points"));
  if (std::string(name_of(node)) == "text" && attribute(node, "fill") == "#ffffff") {
    box.baseline = std::stod(attribute(node, "y"));
    group.badges.push_back(box);
  }
}

// Texts, links and tooltips of everything below a group, nested groups without a class included.
void collect(xmlNode* node, SvgGroup& group) {
  SvgBadge box;
  for (xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (child->type != XML_ELEMENT_NODE) continue;
    collect_badge(child, box, group);
    if (std::string(name_of(child)) == "text") group.texts.push_back(owned(xmlNodeGetContent(child)));
    if (std::string(name_of(child)) == "a") {
      group.links.insert(attribute(child, "href"));
      group.tooltips.insert(attribute(child, "title"));
    }
    if (attribute(child, "class").empty()) collect(child, group);
  }
}

void visit(xmlNode* node, Svg& svg) {
  for (; node != nullptr; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    svg.elements.insert(name_of(node));
    for (const xmlAttr* property = node->properties; property != nullptr; property = property->next) {
      svg.attributes.insert(reinterpret_cast<const char*>(property->name));
    }
    const std::string id = attribute(node, "id");
    if (!id.empty()) svg.ids.push_back(id);
    const std::string classes = attribute(node, "class");
    if (std::string(name_of(node)) == "g" && !classes.empty()) {
      SvgGroup group{.id = id, .classes = words(classes), .texts = {}, .links = {}, .tooltips = {}, .badges = {}};
      collect(node, group);
      svg.groups.push_back(group);
    }
    visit(node->children, svg);
  }
}

}  // namespace

bool SvgGroup::says(const std::string& text) const {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

std::vector<SvgGroup> Svg::with(const std::string& first, const std::string& second) const {
  std::vector<SvgGroup> found;
  for (const SvgGroup& group : groups) {
    if (group.is(first) && (second.empty() || group.is(second))) found.push_back(group);
  }
  return found;
}

const SvgGroup* Svg::by_id(const std::string& id) const {
  const auto found = std::find_if(groups.begin(), groups.end(), [&](const SvgGroup& group) { return group.id == id; });
  return found == groups.end() ? nullptr : &*found;
}

Svg parse_svg(const std::string& text) {
  Svg svg;
  xmlDoc* document = xmlReadMemory(text.data(), static_cast<int>(text.size()), "drawing.svg", nullptr,
                                   XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  if (document == nullptr) {
    const xmlError* error = xmlGetLastError();
    svg.error = error != nullptr && error->message != nullptr ? error->message : "not well-formed";
    return svg;
  }
  visit(xmlDocGetRootElement(document), svg);
  xmlFreeDoc(document);
  return svg;
}

}  // namespace gordian::analysis::samples
