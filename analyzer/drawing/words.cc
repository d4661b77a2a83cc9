// SPDX-License-Identifier: Apache-2.0
// Facts stand where they happen: the waiting line on the edge, only the place of creation in the node.
#include "analyzer/drawing/words.h"

#include <algorithm>
#include <cctype>

#include "analyzer/drawing/escape.h"
#include "analyzer/finding/edge_phrases.h"
#include "analyzer/finding/gist.h"
#include "analyzer/finding/phrases.h"

namespace gordian::analysis::drawing {
namespace {

constexpr std::uint64_t kMostSlots = 8;
constexpr std::size_t kTooltipFrames = 5;

using trace::ObjectKind;

std::string channel_state(const ObjectRef& channel) {
  if (!channel.id) return "channel · nil";
  if (channel.capacity == 0) return "channel · unbuffered";
  const std::string fill = grouped(channel.length) + "/" + grouped(channel.capacity);
  return "channel · " + fill + (channel.length == channel.capacity ? " full" : channel.length == 0 ? " empty" : "");
}

std::string slots(const ObjectRef& channel) {
  std::string text;
  for (std::uint64_t i = 0; i < channel.capacity; ++i) text += i < channel.length ? "■" : "□";
  return text;
}

std::string full_place(const Frame& frame) {
  return frame.file.empty() ? "unknown place" : frame.file + ":" + std::to_string(frame.line);
}

std::string stack_line(const Stack& stack) {
  std::string text;
  for (std::size_t i = 0; i < std::min(stack.size(), kTooltipFrames); ++i) {
    text += (i == 0 ? "" : " < ") + stack[i].function + " " + full_place(stack[i]);
  }
  return stack.size() > kTooltipFrames ? text + " < ..." : text;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " · ") + part;
  return text;
}

bool uses(const Sketch& sketch, std::initializer_list<Stroke> strokes) {
  return std::any_of(sketch.edges.begin(), sketch.edges.end(), [&](const SketchEdge& edge) {
    return std::find(strokes.begin(), strokes.end(), edge.stroke) != strokes.end();
  });
}

bool has(const Sketch& sketch, Mark mark) {
  return std::any_of(sketch.nodes.begin(), sketch.nodes.end(),
                     [mark](const SketchNode& node) { return node.mark == mark; });
}

std::vector<std::string> marks_of(const Sketch& sketch) {
  std::vector<std::string> marks;
  const auto name = [&](bool used, const char* words) {
    if (used) marks.emplace_back(words);
  };
  name(uses(sketch, {Stroke::order}), "arrow: held, then requested");
  name(uses(sketch, {Stroke::gated_order}), "dotted: both orders seen, harmless (a gate lock covers both)");
  name(uses(sketch, {Stroke::waits, Stroke::or_wait}), "dashed: waits for");
  name(uses(sketch, {Stroke::held}), "solid: held by");
  name(uses(sketch, {Stroke::or_wait, Stroke::wake}), "hollow head: any one would do");
  name(uses(sketch, {Stroke::nobody}), "dotted: nobody left");
  name(has(sketch, Mark::pool), "double outline: many");
  return marks;
}

std::string range_of(const Group& group) {
  const std::string ids = "g" + std::to_string(group.first.value) + " … g" + std::to_string(group.last.value);
  if (group.most_waited_ns == 0) return ids;
  return ids + ", blocked " + seconds(std::max<std::uint64_t>(group.least_waited_ns, 1)) + " – " +
         seconds(group.most_waited_ns);
}

}  // namespace

std::vector<Row> actor_rows(const ActorRef& actor) {
  const bool thread = actor.kind == ActorKind::thread;
  const std::string number = (thread ? "thread " : "goroutine g") + std::to_string(actor.id.value);
  std::vector<Row> rows{{RowStyle::small, number}, {RowStyle::name, shortened(function_of(actor))}};
  if (const Frame* created = user_frame(actor.created))
    rows.push_back({RowStyle::code, "created " + place_of(*created)});
  return rows;
}

std::vector<Row> pool_rows(const ActorRef& actor, std::uint32_t count, const Group* group) {
  std::vector<Row> rows{{RowStyle::big, "× " + grouped(count)},
                        {RowStyle::small, actor.kind == ActorKind::thread ? "threads" : "goroutines"},
                        {RowStyle::name, shortened(function_of(actor))}};
  if (const Frame* created = user_frame(actor.created))
    rows.push_back({RowStyle::code, "created " + place_of(*created)});
  if (group != nullptr) rows.push_back({RowStyle::small, range_of(*group)});
  return rows;
}

std::vector<Row> object_rows(const ObjectRef& object) {
  const bool channel = object.sync_kind == ObjectKind::channel;
  std::string name = shortened(bare_name_of(object));
  if (object.sync_kind == ObjectKind::wait_group) name += " · counter " + grouped(object.length);
  if (object.sync_kind == ObjectKind::semaphore)
    name += " · " + grouped(object.length) + " of " + grouped(object.capacity) + " given";
  if (object.sync_kind == ObjectKind::barrier)
    name += " · " + grouped(object.length) + " of " + grouped(object.capacity) + " came";
  std::vector<Row> rows{{RowStyle::small, channel ? channel_state(object) : std::string(word_of(object.sync_kind))},
                        {RowStyle::name, name}};
  if (channel && object.capacity != 0 && object.capacity <= kMostSlots) {
    rows.push_back({RowStyle::code, slots(object)});
  }
  if (const Frame origin = origin_of(object); !origin.file.empty()) {
    const char* first_used = object.declared.file.empty() ? "first used " : "";
    rows.push_back({RowStyle::code, first_used + place_of(origin)});
  }
  return rows;
}

Frame origin_of(const ObjectRef& object) {
  if (!object.declared.file.empty()) return object.declared;
  const Frame* created = user_frame(object.created);
  return created == nullptr ? Frame{} : *created;
}

Frame origin_of(const ActorRef& actor) {
  const Frame* created = user_frame(actor.created);
  return created == nullptr ? Frame{} : *created;
}

std::string actor_tooltip(const ActorRef& actor) {
  std::vector<std::string> parts{name_of(actor)};
  if (!actor.stack.empty()) parts.push_back("at " + stack_line(actor.stack));
  if (!actor.created.empty()) parts.push_back("created at " + stack_line(actor.created));
  if (actor.waited_ns != 0) parts.push_back("has waited " + seconds(actor.waited_ns));
  return joined(parts);
}

std::string object_tooltip(const ObjectRef& object) {
  std::vector<std::string> parts{name_of(object)};
  if (!object.declared.file.empty()) parts.push_back("declared at " + full_place(object.declared));
  if (!object.created.empty()) parts.push_back("first used at " + stack_line(object.created));
  return joined(parts);
}

std::string edge_tooltip(const WaitGraph& graph, const GraphEdge& edge, const std::string& tag) {
  std::string text = edge.step.empty() ? "" : "[" + tag + "." + edge.step + "] ";
  text += sentence_of(graph, edge);
  if (!edge.where.file.empty()) text += " at " + full_place(edge.where);
  const std::uint64_t waited = graph.nodes[edge.from].actor.waited_ns;
  return edge.kind == EdgeKind::waits && waited != 0 ? text + " · " + seconds(waited) : text;
}

std::string title_of(const Finding& finding, const std::string& tag) {
  std::string headline = headline_of(finding);
  headline.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(headline.front())));
  std::string title =
      headline + " " + tag + " · " + gist_of(finding) + " (" + std::string(word_of(finding.certainty)) + ")";
  if (finding.graph.not_drawn != 0)
    title += " · " + grouped(finding.graph.not_drawn) +
             (finding.graph.not_drawn == 1 ? " other not drawn" : " others not drawn");
  return title;
}

std::vector<std::string> legend_of(const Sketch& sketch) {
  constexpr std::size_t kPerLine = 4;
  std::vector<std::string> marks = marks_of(sketch);
  const bool numbered =
      std::any_of(sketch.edges.begin(), sketch.edges.end(), [](const SketchEdge& edge) { return !edge.badge.empty(); });
  if (numbered) marks.push_back("number n: step [" + sketch.tag + ".n] in the text report");
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < marks.size(); i += kPerLine) {
    const auto begin = marks.begin() + static_cast<std::ptrdiff_t>(i);
    lines.push_back(joined({begin, begin + static_cast<std::ptrdiff_t>(std::min(kPerLine, marks.size() - i))}));
  }
  return lines;
}

}  // namespace gordian::analysis::drawing
