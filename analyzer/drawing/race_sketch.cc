// SPDX-License-Identifier: Apache-2.0
// First the rows, over both lanes by rank; what is hidden before an event takes the row above it, if need be one of its
// own. Then boxes as wide as their longest text, then arrows, and a label above the middle of each, moved along its
// arrow where another label stands.
#include "analyzer/drawing/race_sketch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

#include "analyzer/drawing/escape.h"
#include "analyzer/drawing/words.h"
#include "analyzer/finding/lane_phrases.h"
#include "analyzer/finding/phrases.h"
#include "analyzer/finding/utf8.h"

namespace gordian::analysis::drawing {
namespace {

constexpr double kRowHeight = 58;
constexpr double kBoxHeight = 36;
constexpr double kGapHeight = 22;
constexpr double kNarrowestLaneGap = 190;
constexpr double kLabelAbove = 22;
constexpr double kLabelHeight = 30;
constexpr double kMostAside = 0.6;  // of half a label's width
constexpr double kSteep = 0.4;
constexpr double kNameCharacter = 7.2;   // points, bold 12
constexpr double kTitleCharacter = 6.3;  // of a running text
constexpr double kCodeCharacter = 6.1;   // points, code 10
constexpr double kSmallCharacter = 4.9;  // points, 9
constexpr double kPadding = 26;

double width_of(const std::vector<Row>& rows) {
  double width = 0;
  for (const Row& row : rows) {
    const double character = row.style == RowStyle::name   ? kNameCharacter
                             : row.style == RowStyle::code ? kCodeCharacter
                                                           : kSmallCharacter;
    width = std::max(width, character * static_cast<double>(utf8_length(row.text)));
  }
  return width;
}

// Row of each event of both lanes. Events of equal rank share one.
using Rows = std::array<std::vector<std::size_t>, 2>;

Rows rows_of(const Finding& race) {
  std::vector<std::tuple<std::uint32_t, std::size_t, std::size_t>> order;  // rank, side, index
  for (std::size_t side = 0; side < 2; ++side) {
    const std::vector<LaneEvent>& events = race.lanes[side].events;
    for (std::size_t i = 0; i < events.size(); ++i) order.emplace_back(events[i].rank, side, i);
  }
  std::sort(order.begin(), order.end());
  Rows rows;
  std::size_t next = 0;
  for (auto begin = order.begin(); begin != order.end();) {
    const auto is_other_rank = [&](const auto& event) { return std::get<0>(event) != std::get<0>(*begin); };
    const auto end = std::find_if(begin, order.end(), is_other_rank);
    std::size_t row = next;
    for (auto at = begin; at != end; ++at) {
      const auto [rank, side, i] = *at;
      const bool needs_room = race.lanes[side].events[i].hidden_before != 0 && !rows[side].empty();
      if (needs_room) row = std::max(row, rows[side].back() + 2);
    }
    for (auto at = begin; at != end; ++at) rows[std::get<1>(*at)].push_back(row);
    next = row + 1;
    begin = end;
  }
  return rows;
}

Mark mark_of(const ActorRef& actor, const LaneEvent& event) {
  if (event.act != Act::start) return Mark::step;
  return actor.kind == ActorKind::thread ? Mark::thread : Mark::goroutine;
}

class Builder {
 public:
  Builder(const Finding& race, Sketch& sketch) : race_(race), sketch_(sketch), rows_(rows_of(race)) {}

  void build() {
    for (std::size_t side = 0; side < 2; ++side) {
      for (std::size_t i = 0; i < race_.lanes[side].events.size(); ++i) add_event(side, i);
      add_hidden_after(side);
    }
    place_lanes();
    for (std::size_t side = 0; side < 2; ++side) join_lane(side);
    add_race();
    for (const LaneOrder& order : race_.orders) add_order(order);
  }

 private:
  void add_event(std::size_t side, std::size_t i) {
    const ActorRef& actor = race_.actors[side];
    const LaneEvent& event = race_.lanes[side].events[i];
    const std::size_t row = rows_[side][i];
    if (event.hidden_before != 0) add_hidden(side, event.hidden_before, row - 1);
    const bool is_start = event.act == Act::start;
    const bool is_access = i == race_.lanes[side].access;
    SketchNode node{.name = node_name(side, is_start    ? "start"
                                            : is_access ? "access"
                                                        : "e" + std::to_string(i)),
                    .mark = mark_of(actor, event),
                    .guilty = is_access};
    const std::string words = event_words(race_, side, event);
    node.link = is_start ? origin_of(actor) : event.where;
    node.rows = {{RowStyle::name, shortened(words)}};
    if (!node.link.file.empty()) {
      node.rows.push_back({RowStyle::code, (is_start ? "created " : "") + place_of(node.link)});
    }
    node.tooltip = is_start ? actor_tooltip(actor) : tooltip_of(words, event.where);
    node.height = kBoxHeight;
    nodes_[side].push_back(sketch_.nodes.size());
    add(side, std::move(node), row);
  }

  void add_hidden_after(std::size_t side) {
    if (const std::uint64_t hidden = race_.lanes[side].hidden_after; hidden != 0) {
      add_hidden(side, hidden, rows_[side].back() + 1);
    }
  }

  void add_hidden(std::size_t side, std::uint64_t events, std::size_t row) {
    SketchNode node{.name = node_name(side, "hidden" + std::to_string(++gaps_)), .mark = Mark::ghost};
    node.rows = {{RowStyle::small, hidden_words(events)}};
    node.tooltip = "synchronisation of this lane that is not drawn; gordian trace dump prints it";
    node.height = kGapHeight;
    add(side, std::move(node), row);
  }

  void add(std::size_t side, SketchNode node, std::size_t row) {
    lane_width_[side] = std::max(lane_width_[side], width_of(node.rows) + kPadding);
    node.at.y = -static_cast<double>(row) * kRowHeight;
    in_lane_[side].push_back(sketch_.nodes.size());
    sketch_.nodes.push_back(std::move(node));
  }

  static std::string node_name(std::size_t side, const std::string& name) { return (side == 0 ? "a-" : "b-") + name; }

  static std::string tooltip_of(const std::string& words, const Frame& where) {
    return where.file.empty() ? words : words + " at " + where.file + ":" + std::to_string(where.line);
  }

  // Centres, widths, and the bottom row at zero.
  void place_lanes() {
    double between = std::max(kNarrowestLaneGap, width_of(missing_words()) + 2 * kPadding);
    for (const LaneOrder& order : race_.orders) between = std::max(between, 2 * width_of(label_of(order)) + kPadding);
    double bottom = 0;
    for (const SketchNode& node : sketch_.nodes) bottom = std::min(bottom, node.at.y);
    for (std::size_t side = 0; side < 2; ++side) {
      for (const std::size_t i : in_lane_[side]) {
        SketchNode& node = sketch_.nodes[i];
        node.at.x = side == 0 ? 0 : lane_width_[0] / 2 + between + lane_width_[1] / 2;
        node.at.y -= bottom;
        node.width = node.mark == Mark::ghost ? width_of(node.rows) + kPadding : lane_width_[side];
      }
    }
  }

  void join_lane(std::size_t side) {
    const std::vector<std::size_t>& nodes = in_lane_[side];
    for (std::size_t i = 1; i < nodes.size(); ++i) {
      sketch_.edges.push_back({.from = nodes[i - 1], .to = nodes[i], .stroke = Stroke::program_order});
    }
  }

  void add_race() {
    const std::size_t left = nodes_[0][race_.lanes[0].access];
    const std::size_t right = nodes_[1][race_.lanes[1].access];
    sketch_.edges.push_back({.from = left, .to = right, .stroke = Stroke::race, .guilty = true, .badge = "!"});
    add_label("missing", "!", missing_words(), left, right);
  }

  void add_order(const LaneOrder& order) {
    const std::size_t from = nodes_[order.from_lane][order.from];
    const std::size_t to = nodes_[1 - order.from_lane][order.to];
    const Stroke stroke = order.both ? Stroke::rendezvous : Stroke::sync;
    sketch_.edges.push_back({.from = from, .to = to, .stroke = stroke, .tooltip = order_words(race_, order)});
    add_label("order" + std::to_string(++orders_), "", label_of(order), from, to);
  }

  [[nodiscard]] std::vector<Row> label_of(const LaneOrder& order) const {
    std::vector<Row> rows{{RowStyle::small, order_words(race_, order)}};
    if (const std::string object = order_object(race_, order); !object.empty()) {
      rows.push_back({RowStyle::code, shortened(object)});
    }
    return rows;
  }

  [[nodiscard]] std::vector<Row> missing_words() const {
    const ActorRef& a = race_.actors[0];
    const ActorRef& b = race_.actors[1];
    const bool share_a_lock = std::any_of(a.holds.begin(), a.holds.end(),
                                          [&](const Hold& hold) { return hold_of(b, hold.object.id) != nullptr; });
    return {{RowStyle::small, share_a_lock ? "no order either way" : "no order either way, no lock in common"}};
  }

  // Where an arrow is at a height: it begins and ends at the inner sides of the lanes.
  [[nodiscard]] double arrow_at(std::size_t from, std::size_t to, double y) const {
    const Point& a = sketch_.nodes[from].at;
    const Point& b = sketch_.nodes[to].at;
    const double begin = inner_side(a.x < b.x ? 0 : 1);
    const double end = inner_side(a.x < b.x ? 1 : 0);
    return a.y == b.y ? (begin + end) / 2 : begin + (end - begin) * (a.y - y) / (a.y - b.y);
  }

  [[nodiscard]] double inner_side(std::size_t side) const {
    const double x = sketch_.nodes[in_lane_[side].front()].at.x;
    return side == 0 ? x + lane_width_[0] / 2 : x - lane_width_[1] / 2;
  }

  // Above the middle of a flat arrow; of a steep one further aside and up, so that its lower corner stays clear of it;
  // further along where a label stands already.
  void add_label(const std::string& name, const std::string& badge, std::vector<Row> rows, std::size_t from,
                 std::size_t to) {
    const Point a = sketch_.nodes[from].at;
    const Point b = sketch_.nodes[to].at;
    const double slope = (a.y - b.y) / (inner_side(1) - inner_side(0));
    const double half_width = width_of(rows) / 2;
    const double aside = kMostAside * half_width * std::min(1.0, slope / kSteep);
    const double above = (half_width - aside) * slope + kLabelAbove;
    const double y = free_height((a.y + b.y) / 2 + above, (a.y - b.y) / 2);
    labels_.push_back(y);
    SketchNode node{.name = name, .mark = Mark::note, .rows = std::move(rows), .badge = badge};
    node.at = {arrow_at(from, to, y - above) + (a.x < b.x ? aside : -aside), y};
    sketch_.nodes.push_back(std::move(node));
  }

  // The nearest to `wanted` and no further away than `most` at which no label stands; `wanted` if there is none.
  [[nodiscard]] double free_height(double wanted, double most) const {
    const auto is_free = [&](double y) {
      return std::all_of(labels_.begin(), labels_.end(),
                         [&](double other) { return std::abs(y - other) >= kLabelHeight; });
    };
    for (double shift = 0; shift <= most; shift += kLabelHeight / 4) {
      if (is_free(wanted + shift)) return wanted + shift;
      if (is_free(wanted - shift)) return wanted - shift;
    }
    return wanted;
  }

  const Finding& race_;
  Sketch& sketch_;
  Rows rows_;
  std::array<std::vector<std::size_t>, 2> nodes_;    // per event
  std::array<std::vector<std::size_t>, 2> in_lane_;  // from the top, what is hidden included
  std::array<double, 2> lane_width_{};
  std::vector<double> labels_;  // heights of those that stand between the lanes
  std::size_t gaps_ = 0;
  std::size_t orders_ = 0;
};

}  // namespace

Sketch race_sketch(const Finding& finding, const std::string& tag) {
  Sketch sketch{.tag = tag, .kind = "race", .title = title_of(finding, tag), .placed = true};
  sketch.legend = {
      "downwards: program order · across: synchronisation that orders · dashed red: the order that is missing"};
  Builder(finding, sketch).build();
  return sketch;
}

void stack_races(std::vector<Sketch>& races) {
  double top = 0;
  for (Sketch& race : races) {
    const SketchNode& start = race.nodes.front();  // of the left lane
    double lanes_top = 0;
    for (const SketchNode& node : race.nodes) lanes_top = std::max(lanes_top, node.at.y + 0.8 * kRowHeight);
    const double half_title = kTitleCharacter * static_cast<double>(utf8_length(race.title)) / 2;
    SketchNode title{.name = "title", .mark = Mark::note, .rows = {{RowStyle::name, race.title}}};
    title.at = {start.at.x - start.width / 2 + half_title, lanes_top};
    race.nodes.push_back(std::move(title));
    for (SketchNode& node : race.nodes) node.at.y += top - lanes_top;
    top -= lanes_top + 1.4 * kRowHeight;
  }
}

}  // namespace gordian::analysis::drawing
