// SPDX-License-Identifier: Apache-2.0
// cgraph wants char* where it only reads (hence writable()), and every attribute declared with its default beforehand.
#include "analyzer/drawing/canvas.h"

#include <cstdio>
#include <cstdlib>

#include "analyzer/drawing/palette.h"
#include "runtime/base/check.h"

namespace gordian::analysis::drawing {
namespace {

struct Default {
  int kind;
  const char* name;
  const char* value;
};

constexpr Default kDefaults[] = {
    {AGRAPH, "bgcolor", "transparent"},
    {AGRAPH, "class", ""},
    {AGRAPH, "color", ""},
    {AGRAPH, "fontcolor", ""},
    {AGRAPH, "fontname", kTextFont},
    {AGRAPH, "fontsize", "14"},
    {AGRAPH, "id", ""},
    {AGRAPH, "label", ""},
    {AGRAPH, "labeljust", "l"},
    {AGRAPH, "labelloc", "t"},
    {AGRAPH, "margin", ""},
    {AGRAPH, "nodesep", "0.45"},
    {AGRAPH, "pack", ""},
    {AGRAPH, "packmode", ""},
    {AGRAPH, "pad", "0.15"},
    {AGRAPH, "penwidth", "1.1"},
    {AGRAPH, "ranksep", "0.5"},
    {AGRAPH, "sortv", "0"},
    {AGRAPH, "style", ""},
    {AGRAPH, "tooltip", " "},
    {AGNODE, "URL", ""},
    {AGNODE, "class", ""},
    {AGNODE, "color", ""},
    {AGNODE, "fillcolor", ""},
    {AGNODE, "fixedsize", ""},
    {AGNODE, "fontcolor", ""},
    {AGNODE, "fontname", kTextFont},
    {AGNODE, "fontsize", "12"},
    {AGNODE, "height", ""},
    {AGNODE, "id", ""},
    {AGNODE, "label", ""},
    {AGNODE, "margin", ""},
    {AGNODE, "penwidth", "1.1"},
    {AGNODE, "peripheries", ""},
    {AGNODE, "pos", ""},
    {AGNODE, "shape", "box"},
    {AGNODE, "sortv", "0"},
    {AGNODE, "style", ""},
    {AGNODE, "target", "_top"},
    {AGNODE, "tooltip", " "},
    {AGNODE, "width", ""},
    {AGEDGE, "URL", ""},
    {AGEDGE, "arrowhead", ""},
    {AGEDGE, "arrowtail", ""},
    {AGEDGE, "class", ""},
    {AGEDGE, "color", ""},
    {AGEDGE, "dir", ""},
    {AGEDGE, "fontcolor", ""},
    {AGEDGE, "fontname", kTextFont},
    {AGEDGE, "fontsize", "10"},
    {AGEDGE, "headport", ""},
    {AGEDGE, "id", ""},
    {AGEDGE, "label", ""},
    {AGEDGE, "labeltooltip", ""},
    {AGEDGE, "penwidth", "1.1"},
    {AGEDGE, "style", ""},
    {AGEDGE, "tailport", ""},
    {AGEDGE, "target", "_top"},
    {AGEDGE, "tooltip", " "},
};

char* writable(const std::string& text) { return const_cast<char*>(text.c_str()); }
char* writable(const char* text) { return const_cast<char*>(text); }

}  // namespace

std::mutex& graphviz_mutex() {
  static std::mutex mutex;
  return mutex;
}

Canvas::Canvas(const std::string& name) : graph_(agopen(writable(name), Agdirected, nullptr)) {
  for (const Default& attribute : kDefaults) {
    agattr(graph_, attribute.kind, writable(attribute.name), writable(attribute.value));
  }
}

Canvas::~Canvas() { agclose(graph_); }

Agraph_t* Canvas::cluster(const std::string& name) { return agsubg(graph_, writable("cluster_" + name), 1); }

Agnode_t* Canvas::node(Agraph_t* graph, const std::string& name) { return agnode(graph, writable(name), 1); }

Agedge_t* Canvas::edge(Agraph_t* graph, Agnode_t* tail, Agnode_t* head) {
  const std::string key = "e" + std::to_string(++edges_);
  return agedge(graph, tail, head, writable(key), 1);
}

void Canvas::set(void* element, const char* attribute, const std::string& value) {
  GORDIAN_CHECK(agset(element, writable(attribute), writable(value)) == 0);
}

void Canvas::set_html(void* element, const char* attribute, const std::string& markup) {
  char* html = agstrdup_html(agraphof(element), writable(markup));
  GORDIAN_CHECK(agset(element, writable(attribute), html) == 0);
  agstrfree(agraphof(element), html);
}

std::string Canvas::dot() const {
  char* bytes = nullptr;
  std::size_t size = 0;
  FILE* stream = open_memstream(&bytes, &size);
  GORDIAN_CHECK(stream != nullptr);
  const int status = agwrite(graph_, stream);
  std::fclose(stream);
  std::string text(bytes, size);
  std::free(bytes);
  GORDIAN_CHECK(status == 0);
  return text;
}

}  // namespace gordian::analysis::drawing
