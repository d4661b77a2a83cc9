// SPDX-License-Identifier: Apache-2.0
// First the order (by step, then by name), then the nodes in that order, then the edges between them. A node of the
// finding that stands for "nobody" is drawn once per need: shared, it would make edges cross.
#include "analyzer/drawing/wait_sketch.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "analyzer/drawing/fold.h"
#include "analyzer/drawing/trim.h"
#include "analyzer/drawing/words.h"
#include "analyzer/finding/edge_phrases.h"
#include "analyzer/finding/phrases.h"

namespace gordian::analysis::drawing {
namespace {

using trace::ObjectKind;

constexpr std::size_t kNone = ~std::size_t{0};

char letter_of(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::mutex:
      return 'm';
    case ObjectKind::rwmutex:
      return 'r';
    case ObjectKind::channel:
    case ObjectKind::context:
    case ObjectKind::timer:
      return 'c';
    case ObjectKind::wait_group:
      return 'w';
    case ObjectKind::once:
      return 'o';
    case ObjectKind::cond:
      return 'k';
    case ObjectKind::semaphore:
    case ObjectKind::posix_semaphore:
      return 'p';
    case ObjectKind::barrier:
      return 'b';
    case ObjectKind::atomic:
      return 'a';
    case ObjectKind::none:
      break;
  }
  return 'x';
}

std::string node_name(const GraphNode& node) {
  const std::string actor = std::to_string(node.actor.id.value);
  const std::string object = letter_of(node.object.sync_kind) + std::to_string(node.object.id.value);
  switch (node.kind) {
    case NodeKind::actor:
      return (node.actor.kind == ActorKind::thread ? "t" : "g") + actor;
    case NodeKind::select:
      return "s" + actor;
    case NodeKind::object:
      return object;
    case NodeKind::nobody:
      return "nobody-" + object;
  }
  return object;
}

Mark mark_of(const GraphNode& node) {
  if (node.kind == NodeKind::select) return Mark::select;
  if (node.kind == NodeKind::nobody) return Mark::nobody;
  if (node.kind == NodeKind::actor) {
    if (node.count > 1) return Mark::pool;
    return node.actor.kind == ActorKind::thread ? Mark::thread : Mark::goroutine;
  }
  switch (node.object.sync_kind) {
    case ObjectKind::rwmutex:
      return Mark::rwmutex;
    case ObjectKind::channel:
    case ObjectKind::context:
    case ObjectKind::timer:
      return Mark::channel;
    case ObjectKind::wait_group:
      return Mark::wait_group;
    case ObjectKind::once:
      return Mark::once;
    case ObjectKind::cond:
      return Mark::cond;
    case ObjectKind::semaphore:
    case ObjectKind::posix_semaphore:
      return Mark::semaphore;
    case ObjectKind::barrier:
    case ObjectKind::atomic:
      return Mark::wait_group;
    default:
      return Mark::mutex;
  }
}

Stroke stroke_of(const WaitGraph& graph, const GraphEdge& edge) {
  if (graph.nodes[edge.to].kind == NodeKind::nobody) return Stroke::nobody;
  switch (edge.kind) {
    case EdgeKind::waits:
      return Stroke::waits;
    case EdgeKind::held:
      return Stroke::held;
    case EdgeKind::or_wait:
      return Stroke::or_wait;
    case EdgeKind::wake_nobody:
      return Stroke::nobody;
    case EdgeKind::order:
      return edge.gates.empty() ? Stroke::order : Stroke::gated_order;
    case EdgeKind::wake:
      break;
  }
  // Each of several done() calls is needed; any one of several senders would do.
  return graph.nodes[edge.from].object.sync_kind == ObjectKind::wait_group ? Stroke::must_wake : Stroke::wake;
}

class Builder {
 public:
  Builder(const Trimmed& trimmed, Sketch& sketch)
      : graph_(trimmed.graph), groups_(trimmed.groups), sketch_(sketch), drawn_(graph_.nodes.size(), kNone) {}

  void build() {
    const std::vector<std::size_t> edges = edge_order();
    for (const std::size_t i : edges) {
      if (!graph_.edges[i].guilty) continue;
      draw_node(graph_.edges[i].from);
      draw_node(graph_.edges[i].to);
    }
    for (const std::size_t i : rest_of_nodes()) draw_node(static_cast<std::uint32_t>(i));
    for (const std::size_t i : edges) draw_edge(graph_.edges[i]);
  }

 private:
  auto edge_key(std::size_t i) const {
    const GraphEdge& edge = graph_.edges[i];
    return std::tuple(node_name(graph_.nodes[edge.from]), node_name(graph_.nodes[edge.to]), edge.kind, edge.where.file,
                      edge.where.line, edge.actor.value);
  }

  // Guilty edges by step, then the others by their ends.
  std::vector<std::size_t> edge_order() const {
    std::vector<std::size_t> order = guilty_steps(graph_);
    const auto steps = static_cast<std::ptrdiff_t>(order.size());
    for (std::size_t i = 0; i < graph_.edges.size(); ++i) {
      if (!graph_.edges[i].guilty) order.push_back(i);
    }
    std::sort(order.begin() + steps, order.end(),
              [this](std::size_t a, std::size_t b) { return edge_key(a) < edge_key(b); });
    return order;
  }

  std::vector<std::size_t> rest_of_nodes() const {
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (drawn_[i] == kNone && graph_.nodes[i].kind != NodeKind::nobody) rest.push_back(i);
    }
    const auto key = [this](std::size_t i) {
      const GraphNode& node = graph_.nodes[i];
      return std::tuple(!node.guilty, node.kind, node.object.sync_kind, node.actor.id, node.object.id);
    };
    std::sort(rest.begin(), rest.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    return rest;
  }

  std::string unique_name(const std::string& wanted) {
    const int seen = ++names_[wanted];
    return seen == 1 ? wanted : wanted + "_" + std::to_string(seen);
  }

  void draw_node(std::uint32_t index) {
    const GraphNode& node = graph_.nodes[index];
    if (drawn_[index] != kNone || node.kind == NodeKind::nobody) return;
    drawn_[index] = sketch_.nodes.size();
    SketchNode drawn{.name = unique_name(node_name(node)), .mark = mark_of(node), .guilty = node.guilty};
    describe(drawn, node, index);
    sketch_.nodes.push_back(std::move(drawn));
  }

  void describe(SketchNode& drawn, const GraphNode& node, std::uint32_t index) const {
    switch (node.kind) {
      case NodeKind::actor:
        drawn.rows = node.count > 1 ? pool_rows(node.actor, node.count, group_of(index)) : actor_rows(node.actor);
        drawn.tooltip = actor_tooltip(node.actor);
        drawn.link = origin_of(node.actor);
        break;
      case NodeKind::select:
        drawn.rows = select_rows(node, index);
        drawn.tooltip = "select of " + actor_tooltip(node.actor);
        if (const Frame* frame = user_frame(node.actor.stack)) drawn.link = *frame;
        break;
      default:
        drawn.rows = object_rows(node.object);
        drawn.tooltip = object_tooltip(node.object);
        drawn.link = origin_of(node.object);
    }
  }

  const Group* group_of(std::uint32_t index) const {
    const auto found = groups_.find(index);
    return found == groups_.end() ? nullptr : &found->second;
  }

  std::vector<Row> select_rows(const GraphNode& node, std::uint32_t index) const {
    const auto cases = std::count_if(graph_.edges.begin(), graph_.edges.end(), [index](const GraphEdge& edge) {
      return edge.from == index && edge.kind == EdgeKind::or_wait;
    });
    std::vector<Row> rows{{RowStyle::small, "select · any of " + std::to_string(cases)}};
    if (const Frame* frame = user_frame(node.actor.stack)) rows.push_back({RowStyle::code, place_of(*frame)});
    return rows;
  }

  std::size_t draw_nobody(const GraphEdge& edge, std::size_t from) {
    SketchNode nobody{.name = unique_name("nobody-" + sketch_.nodes[from].name), .mark = Mark::nobody};
    std::string words = nobody_words(graph_, edge);
    nobody.tooltip = words;
    if (edge.unserved) words.erase(0, std::string_view("nobody ").size());  // it stands above
    nobody.rows = {{RowStyle::name, "nobody"}, {RowStyle::small, words}};
    sketch_.nodes.push_back(std::move(nobody));
    return sketch_.nodes.size() - 1;
  }

  void draw_edge(const GraphEdge& edge) {
    if (drawn_[edge.from] == kNone) return;  // nobody waits for anything
    SketchEdge drawn{
        .from = drawn_[edge.from], .to = drawn_[edge.to], .stroke = stroke_of(graph_, edge), .guilty = edge.guilty};
    if (drawn.to == kNone) drawn.to = draw_nobody(edge, drawn.from);
    drawn.badge = edge.step;
    drawn.words = edge.gates.empty() ? edge_words(graph_, edge) : "harmless: gate " + bare_name_of(edge.gates.front());
    const std::string_view what = place_words(graph_, edge);
    if (!edge.where.file.empty()) drawn.place = (what.empty() ? "" : std::string(what) + " ") + place_of(edge.where);
    drawn.tooltip = edge_tooltip(graph_, edge, sketch_.tag);
    drawn.link = edge.where;
    drawn.weight = graph_.nodes[edge.from].count;
    sketch_.edges.push_back(std::move(drawn));
  }

  const WaitGraph& graph_;
  const std::map<std::uint32_t, Group>& groups_;
  Sketch& sketch_;
  std::vector<std::size_t> drawn_;  // per node of the graph: its node in the sketch
  std::map<std::string, int> names_;
};

}  // namespace

Sketch wait_sketch(const Finding& finding, const std::string& tag) {
  const Trimmed trimmed = trimmed_graph(finding.graph);
  Sketch sketch{.tag = tag};
  sketch.kind = finding.kind == FindingKind::LockOrderInversion ? "lock-order" : "wait-for";
  sketch.title = title_of(finding, tag) + trimmed.left_out;
  Builder(trimmed, sketch).build();
  shorten_ring(sketch);
  fold_cycles(sketch);
  sketch.legend = legend_of(sketch);
  return sketch;
}

}  // namespace gordian::analysis::drawing
