// SPDX-License-Identifier: Apache-2.0
// Rows hang from the access upwards: locks that are held there in locking order, above them the start of the lane. If
// one side created the other, its `go` stands in its lane with an arrow to the other's start; that the access comes
// after it is certain, because otherwise the `go` would order the two.
#include "analyzer/drawing/race_sketch.h"

#include <algorithm>
#include <utility>

#include "analyzer/drawing/escape.h"
#include "analyzer/drawing/words.h"
#include "analyzer/finding/phrases.h"
#include "analyzer/finding/utf8.h"

namespace gordian::analysis::drawing {
namespace {

constexpr double kRowHeight = 58;
constexpr double kBoxHeight = 36;
constexpr double kLaneGap = 190;
constexpr double kLabelAbove = 22;
constexpr double kNameCharacter = 7.2;   // points, bold 12
constexpr double kTitleCharacter = 6.3;  // of a running text
constexpr double kCodeCharacter = 6.1;   // points, code 10
constexpr double kPadding = 26;

struct Item {
  Mark mark = Mark::step;
  std::string name;  // of the node, within its lane
  std::string words;
  std::string place;
  std::string tooltip;
  Frame link{};
  bool guilty = false;
};

struct Lane {
  std::vector<Item> items;  // from the start of the lane to the access
  double width = 0;
  double x = 0;
};

std::string deed(Role role) {
  switch (role) {
    case Role::reads:
      return "read";
    case Role::atomically_reads:
      return "atomic read of";
    case Role::atomically_writes:
      return "atomic write of";
    case Role::frees:
      return "free of";
    case Role::ends:
      return "end of the stack with";
    default:
      return "write";
  }
}

Item at(std::string name, std::string words, const Stack& stack) {
  Item item{.name = std::move(name), .words = shortened(words), .place = "", .tooltip = words};
  if (const Frame* frame = user_frame(stack)) {
    item.place = place_of(*frame);
    item.tooltip += " at " + frame->file + ":" + std::to_string(frame->line);
    item.link = *frame;
  }
  return item;
}

Item start_of(const ActorRef& actor) {
  Item item = at("start", name_of(actor), actor.created);
  item.mark = Mark::lane;
  if (!item.place.empty()) item.place = "created " + item.place;
  item.tooltip = actor_tooltip(actor);
  return item;
}

Lane lane_of(const ActorRef& actor, const ActorRef& other, const ObjectRef& object) {
  Lane lane{.items = {start_of(actor)}};
  if (other.parent == actor.id && !other.created.empty()) {
    lane.items.push_back(at("go", "go " + name_of(other), other.created));
  }
  for (std::size_t i = 0; i < actor.holds.size(); ++i) {
    const Hold& hold = actor.holds[i];
    const char* verb = hold.mode == trace::LockMode::shared ? "read-lock " : "lock ";
    lane.items.push_back(at("lock" + std::to_string(i + 1), verb + bare_name_of(hold.object), hold.stack));
  }
  lane.items.push_back(at("access", deed(actor.role) + " " + bare_name_of(object), actor.stack));
  lane.items.back().guilty = true;
  for (const Item& item : lane.items) {
    const double name = kNameCharacter * static_cast<double>(utf8_length(item.words));
    const double code = kCodeCharacter * static_cast<double>(utf8_length(item.place));
    lane.width = std::max({lane.width, name + kPadding, code + kPadding});
  }
  return lane;
}

Point middle_of(const SketchNode& a, const SketchNode& b) { return {(a.at.x + b.at.x) / 2, (a.at.y + b.at.y) / 2}; }

bool share_a_lock(const ActorRef& a, const ActorRef& b) {
  return std::any_of(a.holds.begin(), a.holds.end(),
                     [&](const Hold& one) { return hold_of(b, one.object.id) != nullptr; });
}

std::vector<Row> missing_words(const ActorRef& a, const ActorRef& b) {
  std::vector<Row> rows{{RowStyle::small, "no order either way"}};
  if (!share_a_lock(a, b)) rows.front().text += ", no lock in common";
  return rows;
}

class Builder {
 public:
  explicit Builder(Sketch& sketch) : sketch_(sketch) {}

  // Places the items of a lane and joins them by program order; returns the index of its first node.
  std::size_t add(const Lane& lane, const std::string& prefix, std::size_t rows) {
    const std::size_t first = sketch_.nodes.size();
    for (std::size_t i = 0; i < lane.items.size(); ++i) {
      // The lane starts in the top row, everything else hangs from the access in the bottom row.
      const std::size_t from_bottom = i == 0 ? rows - 1 : lane.items.size() - 1 - i;
      add_item(lane, lane.items[i], prefix, static_cast<double>(from_bottom) * kRowHeight);
      if (i > 0) join(sketch_.nodes.size() - 2, sketch_.nodes.size() - 1, Stroke::program_order);
    }
    return first;
  }

  void join(std::size_t from, std::size_t to, Stroke stroke) {
    sketch_.edges.push_back({.from = from, .to = to, .stroke = stroke});
  }

  void created(std::size_t go, std::size_t start) {
    join(go, start, Stroke::sync);
    note("created", "", {{RowStyle::small, "go before the first step"}},
         middle_of(sketch_.nodes[go], sketch_.nodes[start]));
  }

  // The label of an arrow between the lanes, as a node above its middle.
  void note(const std::string& name, const std::string& badge, std::vector<Row> rows, Point where) {
    SketchNode node{.name = name, .mark = Mark::note, .badge = badge};
    node.rows = std::move(rows);
    node.at = {where.x, where.y + kLabelAbove};
    sketch_.nodes.push_back(std::move(node));
  }

 private:
  void add_item(const Lane& lane, const Item& item, const std::string& prefix, double y) {
    SketchNode node{.name = prefix + "-" + item.name, .mark = item.mark, .guilty = item.guilty};
    node.rows = {{RowStyle::name, item.words}};
    if (!item.place.empty()) node.rows.push_back({RowStyle::code, item.place});
    node.tooltip = item.tooltip;
    node.link = item.link;
    node.at = {lane.x, y};
    node.width = lane.width;
    node.height = kBoxHeight;
    sketch_.nodes.push_back(std::move(node));
  }

  Sketch& sketch_;
};

std::size_t index_of(const Lane& lane, const std::string& name) {
  const auto found =
      std::find_if(lane.items.begin(), lane.items.end(), [&](const Item& item) { return item.name == name; });
  return static_cast<std::size_t>(found - lane.items.begin());
}

}  // namespace

Sketch race_sketch(const Finding& finding, const std::string& tag) {
  const ActorRef& a = finding.actors[0];
  const ActorRef& b = finding.actors[1];
  Lane left = lane_of(a, b, finding.object);
  Lane right = lane_of(b, a, finding.object);
  right.x = left.width / 2 + kLaneGap + right.width / 2;
  const std::size_t rows = std::max({left.items.size(), right.items.size(), std::size_t{3}});

  Sketch sketch{.tag = tag, .kind = "race", .title = title_of(finding, tag), .placed = true};
  sketch.legend = {
      "downwards: program order · across: synchronisation that orders · dashed red: the order that is missing"};
  Builder builder(sketch);
  const std::size_t left_first = builder.add(left, "a", rows);
  const std::size_t right_first = builder.add(right, "b", rows);
  const std::size_t left_access = left_first + left.items.size() - 1;
  const std::size_t right_access = right_first + right.items.size() - 1;
  sketch.edges.push_back(
      {.from = left_access, .to = right_access, .stroke = Stroke::race, .guilty = true, .badge = "!"});
  builder.note("missing", "!", missing_words(a, b), middle_of(sketch.nodes[left_access], sketch.nodes[right_access]));
  if (const std::size_t go = index_of(left, "go"); go != left.items.size()) {
    builder.created(left_first + go, right_first);
  } else if (const std::size_t back = index_of(right, "go"); back != right.items.size()) {
    builder.created(right_first + back, left_first);
  }
  return sketch;
}

void stack_races(std::vector<Sketch>& races) {
  double top = 0;
  for (Sketch& race : races) {
    const SketchNode& start = race.nodes.front();  // top left
    const double lanes_top = start.at.y + 0.8 * kRowHeight;
    const double half_title = kTitleCharacter * static_cast<double>(utf8_length(race.title)) / 2;
    SketchNode title{.name = "title", .mark = Mark::note, .rows = {{RowStyle::name, race.title}}};
    title.at = {start.at.x - start.width / 2 + half_title, lanes_top};
    race.nodes.push_back(std::move(title));
    for (SketchNode& node : race.nodes) node.at.y += top - lanes_top;
    top -= lanes_top + 1.4 * kRowHeight;
  }
}

}  // namespace gordian::analysis::drawing
