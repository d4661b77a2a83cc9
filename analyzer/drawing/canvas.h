// SPDX-License-Identifier: Apache-2.0
// A cgraph graph with an owner: attributes are declared before use, labels are HTML-like strings, nothing leaks.
// Graphviz is not thread-safe even with one graph per thread, so a Canvas lives only while its maker holds
// graphviz_mutex().
#pragma once

#include <graphviz/cgraph.h>

#include <mutex>
#include <string>

namespace gordian::analysis::drawing {

// One for the whole process: building, writing and laying out take turns.
std::mutex& graphviz_mutex();

class Canvas {
 public:
  explicit Canvas(const std::string& name);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  [[nodiscard]] Agraph_t* root() const { return graph_; }
  Agraph_t* cluster(const std::string& name);
  static Agnode_t* node(Agraph_t* graph, const std::string& name);
  // A fresh edge, also between nodes that have one already.
  Agedge_t* edge(Agraph_t* graph, Agnode_t* tail, Agnode_t* head);

  // `element`: graph, node or edge. The attribute must be among those declared in canvas.cc.
  static void set(void* element, const char* attribute, const std::string& value);
  static void set_html(void* element, const char* attribute, const std::string& markup);

  // The DOT text, before any layout.
  [[nodiscard]] std::string dot() const;

 private:
  Agraph_t* graph_;
  int edges_ = 0;
};

}  // namespace gordian::analysis::drawing
