// SPDX-License-Identifier: Apache-2.0
// A step names both ends, the place where it happens and, for a wait, how long it had lasted.
#include "analyzer/report/steps.h"

#include <algorithm>

#include "analyzer/finding/edge_phrases.h"
#include "analyzer/finding/phrases.h"
#include "analyzer/finding/utf8.h"

namespace gordian::analysis::report {
namespace {

constexpr std::size_t kMostFrames = 4;
constexpr std::size_t kColumns = 160;       // of a step with its quote
constexpr std::size_t kShortestQuote = 16;  // less says nothing

const Hold* first_hold(const Finding& finding, const GraphEdge& order) {
  const ObjectId lock = finding.graph.nodes[order.from].object.id;
  for (const ActorRef& actor : finding.actors) {
    if (order.actor && actor.id != order.actor) continue;
    if (const Hold* hold = hold_of(actor, lock)) return hold;
  }
  return nullptr;
}

// Lock orders also say where the lock was taken that is held.
std::string order_ending(const Finding& finding, const GraphEdge& edge, const std::string& at, const Page& page) {
  const Hold* hold = first_hold(finding, edge);
  const Frame* locked = hold == nullptr ? nullptr : user_frame(hold->stack);
  return " at " + at + (locked == nullptr ? "" : ", first lock at " + page.place(*locked)) +
         (edge.count == 1 ? "" : ", " + edge_words(finding.graph, edge));
}

std::string ending(const Finding& finding, const GraphEdge& edge, const Page& page) {
  if (edge.where.file.empty()) return "";
  const std::string at = page.place(edge.where);
  switch (edge.kind) {
    case EdgeKind::held:
      return place_words(finding.graph, edge).empty() ? ", begun at " + at : ", locked at " + at;
    case EdgeKind::wake:
      return place_words(finding.graph, edge).empty()
                 ? ", last seen at " + at
                 : ", which " + std::string(place_words(finding.graph, edge)) + " at " + at;
    case EdgeKind::order:
      return order_ending(finding, edge, at, page);
    default:
      break;
  }
  const std::string waited = seconds(finding.graph.nodes[edge.from].actor.waited_ns);
  return " at " + at + (edge.kind == EdgeKind::waits && !waited.empty() ? " (" + waited + ")" : "");
}

// As much of the source line as fits behind the words; none if that is next to nothing.
std::string quote_beside(const std::string& words, const Frame& where, Page& page) {
  const std::size_t used = utf8_length(utf8_repaired(words)) + 6;  // indentation and the bar
  const std::size_t room = used < kColumns ? kColumns - used : 0;
  return room < kShortestQuote ? "" : page.quote(where, std::min(room, Page::kLongestQuote));
}

std::string hold_words(const Hold& hold) {
  const Frame* locked = user_frame(hold.stack);
  return name_of(hold.object) + (hold.mode == trace::LockMode::shared ? " for reading" : "") +
         (locked == nullptr ? "" : " (locked " + place_of(*locked) + ")");
}

}  // namespace

std::vector<std::string> step_lines(const Finding& finding, const std::string& tag, Page& page) {
  std::vector<std::string> lines;
  for (const std::size_t index : guilty_steps(finding.graph)) {
    const GraphEdge& edge = finding.graph.edges[index];
    const std::string number = "[" + tag + "." + edge.step + "]";
    const std::string words = " " + sentence_of(finding.graph, edge) + ending(finding, edge, page);
    const std::string quote = quote_beside(number + words, edge.where, page);
    lines.push_back(page.guilty(number) + words + (quote.empty() ? "" : "  " + page.code("| " + quote)));
  }
  return lines;
}

std::string stack_line(const Stack& stack) {
  std::vector<const Frame*> own;
  for (const Frame& frame : stack) {
    if (!frame.internal) own.push_back(&frame);
  }
  if (own.empty() && !stack.empty()) own.push_back(&stack.front());
  std::string line;
  for (std::size_t i = 0; i < std::min(own.size(), kMostFrames); ++i) {
    line += (i == 0 ? "" : " < ") + own[i]->function + " " + place_of(*own[i]);
  }
  return own.size() > kMostFrames ? line + " < ... " + std::to_string(own.size() - kMostFrames) + " more" : line;
}

std::string holds_line(const ActorRef& actor) {
  if (actor.holds.empty()) return "holds nothing";
  std::string line = "holds ";
  for (std::size_t i = 0; i < actor.holds.size(); ++i) {
    line += (i == 0 ? "" : i + 1 == actor.holds.size() ? " and " : ", ") + hold_words(actor.holds[i]);
  }
  return line;
}

std::string creation_clause(const ActorRef& actor) {
  const Frame* created = user_frame(actor.created);
  return created == nullptr ? "" : ", created at " + created->function + " " + place_of(*created);
}

std::string pair_words(const RacePair& pair) {
  const std::string times = pair.count == 1 ? "" : " (" + grouped(pair.count) + " times)";
  return std::string(word_of(pair.earlier_role)) + " at " + place_of(pair.earlier) + " and " +
         std::string(word_of(pair.later_role)) + " at " + place_of(pair.later) + times;
}

std::string other_pairs_line(const std::vector<RacePair>& pairs) {
  if (pairs.size() < 2) return "";
  const std::string line = "also: " + pair_words(pairs[1]);
  return pairs.size() == 2 ? line : line + ", ... " + grouped(pairs.size() - 2) + " more pairs";
}

std::string stand_in_words(const StandIn& left_out) {
  return std::string(word_of(left_out.role)) + " at " + place_of(left_out.left_out);
}

std::string stand_ins_line(const std::vector<StandIn>& all) {
  constexpr std::size_t kMost = 3;
  if (all.empty()) return "";
  std::string line = "stands for: ";
  const std::size_t told = all.size() <= kMost ? all.size() : kMost - 1;
  for (std::size_t i = 0; i < told; ++i) line += (i == 0 ? "" : ", ") + stand_in_words(all[i]);
  if (told != all.size()) line += ", ... " + grouped(all.size() - told) + " more";
  return line + " (not recorded, as nothing synchronises in between)";
}

}  // namespace gordian::analysis::report
