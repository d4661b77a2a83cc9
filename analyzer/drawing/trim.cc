// SPDX-License-Identifier: Apache-2.0
// Each cut marks what it drops and then rebuilds the lists once.
#include "analyzer/drawing/trim.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "analyzer/finding/phrases.h"

namespace gordian::analysis::drawing {
namespace {

constexpr std::size_t kSmallestGroup = 3;
constexpr std::size_t kMostNodes = 1000;  // dot needs 0.1 to 7 s for as many
constexpr std::size_t kLongestRing = 40;
constexpr std::size_t kRingEnd = 6;
constexpr std::uint32_t kDropped = ~std::uint32_t{0};

// Renumbers the kept nodes and drops every edge that lost an end.
template <class Graph>
std::vector<std::uint32_t> keep_only(Graph& graph, const std::vector<bool>& keep) {
  std::vector<std::uint32_t> renumbered(graph.nodes.size(), kDropped);
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!keep[i]) continue;
    renumbered[i] = count;
    if (count != i) graph.nodes[count] = std::move(graph.nodes[i]);
    ++count;
  }
  graph.nodes.resize(count);
  std::erase_if(graph.edges, [&](const auto& edge) { return !keep[edge.from] || !keep[edge.to]; });
  for (auto& edge : graph.edges) {
    edge.from = renumbered[edge.from];
    edge.to = renumbered[edge.to];
  }
  return renumbered;
}

std::string spelled(const Stack& stack) {
  std::string text;
  for (const Frame& frame : stack) text += frame.function + '\n' + frame.file + ':' + std::to_string(frame.line) + '\n';
  return text;
}

// Per node: the one edge by which it waits, if that is its only edge and it is an innocent single actor.
std::vector<const GraphEdge*> lone_waits(const WaitGraph& graph) {
  std::vector<const GraphEdge*> only(graph.nodes.size(), nullptr);
  std::vector<std::uint32_t> degree(graph.nodes.size(), 0);
  for (const GraphEdge& edge : graph.edges) {
    ++degree[edge.from];
    ++degree[edge.to];
    if (edge.kind == EdgeKind::waits && !edge.guilty) only[edge.from] = &edge;
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    if (node.kind != NodeKind::actor || node.guilty || node.count != 1 || degree[i] != 1) only[i] = nullptr;
  }
  return only;
}

using GroupKey = std::tuple<std::uint32_t, trace::WaitReason, bool, std::string, std::string>;

std::map<GroupKey, std::vector<std::uint32_t>> equal_waiters(const WaitGraph& graph) {
  const std::vector<const GraphEdge*> waits = lone_waits(graph);
  std::map<GroupKey, std::vector<std::uint32_t>> groups;
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    if (waits[i] == nullptr) continue;
    const ActorRef& actor = graph.nodes[i].actor;
    const GroupKey key{waits[i]->to, actor.reason, waits[i]->sends, spelled(actor.created), spelled(actor.stack)};
    groups[key].push_back(i);
  }
  return groups;
}

Group describe(const WaitGraph& graph, const std::vector<std::uint32_t>& members) {
  Group group{.first = graph.nodes[members.front()].actor.id, .last = graph.nodes[members.back()].actor.id};
  group.least_waited_ns = ~std::uint64_t{0};
  for (const std::uint32_t i : members) {
    const std::uint64_t waited = graph.nodes[i].actor.waited_ns;
    group.least_waited_ns = std::min(group.least_waited_ns, waited);
    group.most_waited_ns = std::max(group.most_waited_ns, waited);
  }
  return group;
}

void collapse(Trimmed& trimmed) {
  WaitGraph& graph = trimmed.graph;
  std::vector<bool> keep(graph.nodes.size(), true);
  std::map<std::uint32_t, Group> groups;
  for (auto& [key, members] : equal_waiters(graph)) {
    if (members.size() < kSmallestGroup) continue;
    std::sort(members.begin(), members.end(),
              [&](std::uint32_t a, std::uint32_t b) { return graph.nodes[a].actor.id < graph.nodes[b].actor.id; });
    groups[members.front()] = describe(graph, members);
    graph.nodes[members.front()].count = static_cast<std::uint32_t>(members.size());
    for (std::size_t i = 1; i < members.size(); ++i) keep[members[i]] = false;
  }
  const std::vector<std::uint32_t> renumbered = keep_only(graph, keep);
  for (const auto& [node, group] : groups) trimmed.groups[renumbered[node]] = group;
}

// Innocent nodes beyond the cap go, those with the highest ids first.
void cap(Trimmed& trimmed) {
  WaitGraph& graph = trimmed.graph;
  if (graph.nodes.size() <= kMostNodes) return;
  std::vector<std::uint32_t> innocent;
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    if (!graph.nodes[i].guilty) innocent.push_back(i);
  }
  const auto key = [&](std::uint32_t i) {
    const GraphNode& node = graph.nodes[i];
    return std::tuple(node.count, ~node.actor.id.value, ~node.object.id.value);
  };
  std::sort(innocent.begin(), innocent.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  const std::size_t excess = std::min(graph.nodes.size() - kMostNodes, innocent.size());
  std::vector<bool> keep(graph.nodes.size(), true);
  for (std::size_t i = 0; i < excess; ++i) keep[innocent[i]] = false;
  const std::vector<std::uint32_t> renumbered = keep_only(graph, keep);
  std::map<std::uint32_t, Group> kept;
  for (const auto& [node, group] : trimmed.groups) {
    if (renumbered[node] != kDropped) kept[renumbered[node]] = group;
  }
  trimmed.groups = std::move(kept);
  if (excess != 0) trimmed.left_out = " · " + grouped(excess) + " of the others not drawn";
}

// The guilty edges if they are one ring in walking order, else nothing.
std::vector<std::size_t> ring_of(const Sketch& sketch) {
  std::vector<std::size_t> ring;
  for (std::size_t i = 0; i < sketch.edges.size(); ++i) {
    if (sketch.edges[i].guilty) ring.push_back(i);
  }
  for (std::size_t i = 0; i < ring.size(); ++i) {
    if (sketch.edges[ring[i]].to != sketch.edges[ring[(i + 1) % ring.size()]].from) return {};
  }
  return ring;
}

}  // namespace

Trimmed trimmed_graph(const WaitGraph& graph) {
  Trimmed trimmed{.graph = graph};
  collapse(trimmed);
  cap(trimmed);
  return trimmed;
}

void shorten_ring(Sketch& sketch) {
  const std::vector<std::size_t> ring = ring_of(sketch);
  if (ring.size() <= kLongestRing) return;
  const std::size_t first = kRingEnd;  // of the hidden steps
  const std::size_t last = ring.size() - kRingEnd - 1;
  const std::size_t before = sketch.edges[ring[first]].from;
  const std::size_t after = sketch.edges[ring[last]].to;
  std::vector<bool> keep(sketch.nodes.size(), true);
  for (std::size_t i = first; i < last; ++i) keep[sketch.edges[ring[i]].to] = false;

  const auto step = [&](std::size_t i) { return "[" + sketch.tag + "." + sketch.edges[ring[i]].badge + "]"; };
  SketchNode ghost{.name = "ghost", .mark = Mark::ghost};
  ghost.rows = {
      {RowStyle::small, "... " + grouped(last - first + 1) + " more steps, " + step(first) + " - " + step(last)}};
  ghost.tooltip = "steps left out of this drawing; the text report tells them all";
  sketch.nodes.push_back(std::move(ghost));
  keep.push_back(true);
  const std::size_t middle = sketch.nodes.size() - 1;
  const SketchEdge into{.from = before, .to = middle, .stroke = Stroke::ghost, .guilty = true};
  const SketchEdge out_of{.from = middle, .to = after, .stroke = Stroke::ghost, .guilty = true};
  // In walking order, so that the fold still sees one ring.
  sketch.edges.insert(sketch.edges.begin() + static_cast<std::ptrdiff_t>(ring[last]) + 1, {into, out_of});
  keep_only(sketch, keep);
}

}  // namespace gordian::analysis::drawing
