// SPDX-License-Identifier: Apache-2.0
// Guilty is never colour alone: the stroke is thicker and a badge numbers it. With several findings, `pack` silently
// drops edge labels, so a label is a plain node in the middle of its edge there.
#include "analyzer/drawing/compose.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "analyzer/drawing/escape.h"
#include "analyzer/drawing/labels.h"

namespace gordian::analysis::drawing {
namespace {

enum class Hue { runs, waited, faint };

struct Form {
  const char* css_class;
  const char* shape;
  const char* style;
  const char* margin;
  Hue hue;
  int peripheries = 1;
};

Form form_of(Mark mark) {
  switch (mark) {
    case Mark::goroutine:
      return {"goroutine", "box", "rounded,filled", ".12,.06", Hue::runs};
    case Mark::thread:
      return {"thread", "box", "filled", ".12,.06", Hue::runs};
    case Mark::pool:
      return {"pool", "box", "rounded,filled", ".12,.06", Hue::runs, 2};
    case Mark::mutex:
      return {"mutex", "octagon", "filled", ".02,0", Hue::waited};
    case Mark::rwmutex:
      return {"rwmutex", "doubleoctagon", "filled", ".02,0", Hue::waited};
    case Mark::channel:
      return {"chan", "cds", "filled", ".22,.17", Hue::waited};
    case Mark::select:
      return {"select", "diamond", "filled", ".06,.05", Hue::runs};
    case Mark::wait_group:
      return {"waitgroup", "invhouse", "filled", ".02,0", Hue::waited};
    case Mark::once:
      return {"once", "note", "filled", ".11,.06", Hue::waited};
    case Mark::cond:
      return {"cond", "ellipse", "filled", ".06,.03", Hue::waited};
    case Mark::semaphore:
      return {"semaphore", "house", "filled", ".02,0", Hue::waited};
    case Mark::nobody:
      return {"nobody", "box", "rounded,dashed", ".12,.06", Hue::faint};
    case Mark::ghost:
      return {"ghost", "box", "rounded,dashed", ".12,.06", Hue::faint};
    case Mark::step:
      return {"event", "box", "filled", ".12,.06", Hue::runs};
    case Mark::note:
      return {"label", "plain", "", "", Hue::faint};
  }
  return {"node", "box", "", "", Hue::faint};
}

struct Line {
  const char* css_class;
  const char* style;
  const char* head;
  bool both_ends = false;
  double width = 1.1;
};

Line line_of(Stroke stroke) {
  switch (stroke) {
    case Stroke::waits:
      return {"waits", "dashed", "normal"};
    case Stroke::held:
      return {"held", "solid", "normal"};
    case Stroke::or_wait:
      return {"orwait", "dashed", "onormal"};
    case Stroke::wake:
      return {"wake", "solid", "onormal"};
    case Stroke::must_wake:
      return {"wake", "solid", "normal"};
    case Stroke::nobody:
      return {"wake", "dotted", "normal"};
    case Stroke::order:
      return {"order", "solid", "normal"};
    case Stroke::gated_order:
      return {"order gated", "dotted", "onormal", true, 1.9};
    case Stroke::program_order:
      return {"po", "solid", "normal"};
    case Stroke::sync:
      return {"sync", "solid", "normal", false, 1.8};
    case Stroke::rendezvous:
      return {"sync", "solid", "normal", true, 1.8};
    case Stroke::race:
      return {"race", "dashed", "onormal", true};
    case Stroke::ghost:
      return {"ghost", "dotted", "none"};
  }
  return {"edge", "solid", "normal"};
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3g", value);
  return text;
}

constexpr double kGuiltyWidth = 2.6;

double width_of(const SketchEdge& edge, const Line& line) {
  if (edge.guilty) return kGuiltyWidth;
  if (edge.weight <= 1) return line.width;
  return std::min(3.0, line.width + std::log10(static_cast<double>(edge.weight)) / 2);
}

class Composer {
 public:
  Composer(Canvas& canvas, const Palette& palette, bool several)
      : canvas_(canvas), palette_(palette), several_(several) {}

  void draw(Agraph_t* graph, const Sketch& sketch) {
    graph_ = graph;
    sketch_ = &sketch;
    nodes_.clear();
    for (const SketchNode& node : sketch.nodes) draw_node(node);
    for (std::size_t i = 0; i < sketch.edges.size(); ++i) draw_edge(i);
  }

 private:
  std::string named(const std::string& name) const { return several_ ? sketch_->tag + "-" + name : name; }
  std::string id(const std::string& name) const { return sketch_->tag + "-" + name; }

  const char* stroke_colour(Hue hue) const {
    return hue == Hue::runs ? palette_.runs : hue == Hue::waited ? palette_.waited : palette_.faint;
  }

  void link(void* element, const Frame& frame, const std::string& tooltip) const {
    Canvas::set(element, "URL", link_to(frame));
    Canvas::set(element, "tooltip", tooltip.empty() ? " " : plain_text(tooltip));
  }

  void draw_node(const SketchNode& node) {
    const Form form = form_of(node.mark);
    Agnode_t* drawn = Canvas::node(graph_, named(node.name));
    nodes_.push_back(drawn);
    Canvas::set(drawn, "class", std::string(form.css_class) + (node.guilty ? " guilty" : ""));
    Canvas::set(drawn, "id", id(node.name));
    Canvas::set(drawn, "shape", form.shape);
    Canvas::set(drawn, "style", form.style);
    Canvas::set(drawn, "margin", form.margin);
    if (form.peripheries > 1) Canvas::set(drawn, "peripheries", std::to_string(form.peripheries));
    Canvas::set(drawn, "color", node.guilty ? palette_.guilty : stroke_colour(form.hue));
    Canvas::set(drawn, "fillcolor", form.hue == Hue::runs ? palette_.runs_fill : palette_.waited_fill);
    Canvas::set(drawn, "fontcolor", palette_.ink);
    Canvas::set(drawn, "penwidth", node.guilty ? number(kGuiltyWidth) : "1.2");
    Canvas::set_html(drawn, "label", node_label(node.rows, node.badge, palette_));
    link(drawn, node.link, node.tooltip);
    if (sketch_->placed) place(drawn, node);
  }

  static void place(Agnode_t* drawn, const SketchNode& node) {
    char position[64];
    std::snprintf(position, sizeof(position), "%.1f,%.1f!", node.at.x, node.at.y);
    Canvas::set(drawn, "pos", position);
    if (node.width == 0) return;
    Canvas::set(drawn, "width", number(node.width / 72));
    Canvas::set(drawn, "height", number(node.height / 72));
    Canvas::set(drawn, "fixedsize", "true");
  }

  void draw_edge(std::size_t index) {
    const SketchEdge& edge = sketch_->edges[index];
    const std::string name = edge.badge.empty() || !edge.guilty ? "e" + std::to_string(index + 1) : "s" + edge.badge;
    Agnode_t* tail = nodes_[edge.folded ? edge.to : edge.from];
    Agnode_t* head = nodes_[edge.folded ? edge.from : edge.to];
    const std::string badge = several_ && !edge.badge.empty() ? sketch_->tag + "." + edge.badge : edge.badge;
    const std::string label = sketch_->placed ? "" : edge_label(edge, badge, palette_);
    if (several_ && !label.empty()) {
      draw_through_label(edge, id(name), label, tail, head);
      return;
    }
    Agedge_t* drawn = canvas_.edge(graph_, tail, head);
    style(drawn, edge, id(name));
    point(drawn, edge, edge.folded);
    if (sketch_->placed) leave_sideways(drawn, edge);
    if (label.empty()) return;
    Canvas::set_html(drawn, "label", label);
    Canvas::set(drawn, "labeltooltip", plain_text(edge.tooltip));
  }

  // Between two lanes: a steep arrow from centre to centre would cross the boxes below.
  void leave_sideways(Agedge_t* drawn, const SketchEdge& edge) const {
    const double from = sketch_->nodes[edge.from].at.x;
    const double to = sketch_->nodes[edge.to].at.x;
    if (from == to) return;
    Canvas::set(drawn, "tailport", from < to ? "e" : "w");
    Canvas::set(drawn, "headport", from < to ? "w" : "e");
  }

  // tail -> label -> head; the arrow head is at the true head's end only.
  void draw_through_label(const SketchEdge& edge, const std::string& edge_id, const std::string& label, Agnode_t* tail,
                          Agnode_t* head) {
    Agnode_t* middle = Canvas::node(graph_, edge_id + "-label");
    Canvas::set(middle, "shape", "plain");
    Canvas::set(middle, "class", "label");
    Canvas::set(middle, "id", edge_id + "-label");
    Canvas::set(middle, "fontcolor", palette_.ink);
    Canvas::set(middle, "fontsize", "10");
    Canvas::set_html(middle, "label", label);
    link(middle, edge.link, edge.tooltip);
    Agedge_t* first = canvas_.edge(graph_, tail, middle);
    Agedge_t* second = canvas_.edge(graph_, middle, head);
    style(first, edge, edge.folded ? edge_id : edge_id + "-from");
    style(second, edge, edge.folded ? edge_id + "-from" : edge_id);
    Canvas::set(edge.folded ? second : first, "dir", "none");
    point(edge.folded ? first : second, edge, edge.folded);
  }

  void style(Agedge_t* drawn, const SketchEdge& edge, const std::string& edge_id) const {
    const Line line = line_of(edge.stroke);
    Canvas::set(drawn, "class", std::string(line.css_class) + (edge.guilty ? " guilty" : ""));
    Canvas::set(drawn, "id", edge_id);
    Canvas::set(drawn, "style", line.style);
    Canvas::set(drawn, "color", edge.guilty ? palette_.guilty : palette_.waited);
    Canvas::set(drawn, "fontcolor", palette_.ink);
    Canvas::set(drawn, "penwidth", number(width_of(edge, line)));
    link(drawn, edge.link, edge.tooltip);
  }

  static void point(Agedge_t* drawn, const SketchEdge& edge, bool backwards) {
    const Line line = line_of(edge.stroke);
    if (line.both_ends) Canvas::set(drawn, "dir", "both");
    if (backwards && !line.both_ends) Canvas::set(drawn, "dir", "back");
    if (line.both_ends || !backwards) Canvas::set(drawn, "arrowhead", line.head);
    if (line.both_ends || backwards) Canvas::set(drawn, "arrowtail", line.head);
  }

  Canvas& canvas_;
  const Palette& palette_;
  bool several_;
  Agraph_t* graph_ = nullptr;
  const Sketch* sketch_ = nullptr;
  std::vector<Agnode_t*> nodes_;
};

Agraph_t* add_cluster(Canvas& canvas, const Sketch& sketch, const Palette& palette, std::size_t rank) {
  Agraph_t* cluster = canvas.cluster(sketch.tag);
  Canvas::set(cluster, "class", sketch.kind);
  Canvas::set(cluster, "id", sketch.tag);
  Canvas::set(cluster, "style", "rounded");
  Canvas::set(cluster, "color", palette.faint);
  Canvas::set(cluster, "fontcolor", palette.ink);
  Canvas::set(cluster, "margin", "14");
  Canvas::set(cluster, "sortv", std::to_string(rank));
  Canvas::set(cluster, "tooltip", plain_text(sketch.title));
  Canvas::set_html(cluster, "label", title_label(sketch.title, {}));
  return cluster;
}

}  // namespace

void compose(Canvas& canvas, const Sketch& sketch, const Palette& palette) {
  Canvas::set(canvas.root(), "class", sketch.kind);
  Canvas::set(canvas.root(), "id", sketch.tag);
  Canvas::set(canvas.root(), "fontcolor", palette.ink);
  Canvas::set_html(canvas.root(), "label", title_label(sketch.title, sketch.legend));
  Composer(canvas, palette, false).draw(canvas.root(), sketch);
}

void compose(Canvas& canvas, const std::vector<Sketch>& sketches, const Palette& palette) {
  Canvas::set(canvas.root(), "class", "overview");
  Canvas::set(canvas.root(), "id", "findings");
  Composer composer(canvas, palette, true);
  if (sketches.front().placed) {
    for (const Sketch& sketch : sketches) composer.draw(canvas.root(), sketch);
    return;
  }
  const double columns = std::ceil(std::sqrt(1.5 * static_cast<double>(sketches.size())));
  Canvas::set(canvas.root(), "pack", "16");
  Canvas::set(canvas.root(), "packmode", "array_itu" + std::to_string(std::min(static_cast<int>(columns), 8)));
  for (std::size_t i = 0; i < sketches.size(); ++i) {
    Agraph_t* cluster = add_cluster(canvas, sketches[i], palette, i + 1);
    composer.draw(cluster, sketches[i]);
    for (Agnode_t* node = agfstnode(cluster); node != nullptr; node = agnxtnode(cluster, node)) {
      Canvas::set(node, "sortv", std::to_string(i + 1));
    }
  }
}

}  // namespace gordian::analysis::drawing
