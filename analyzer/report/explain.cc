// SPDX-License-Identifier: Apache-2.0
// Everything that is known of one finding, nothing folded: who reads this wants the frame that the short report left
// out.
#include <algorithm>

#include "analyzer/finding/gist.h"
#include "analyzer/finding/phrases.h"
#include "analyzer/report/follow_up.h"
#include "analyzer/report/lanes.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"
#include "analyzer/report/steps.h"
#include "analyzer/report/words.h"

namespace gordian::analysis::report {
namespace {

std::string tag_in(const Report& report, const Finding& finding) {
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    if (&report.findings[i] == &finding) return tag_of(report.findings, i);
  }
  return tag_of({&finding, 1}, 0);
}

class Explainer {
 public:
  explicit Explainer(const TextOptions& options) : page_(options) {}

  std::string run(const Report& report, const Finding& finding) {
    const std::string tag = tag_in(report, finding);
    line(0, headline_of(finding, tag, page_));
    if (finding.graph.nodes.empty()) object(finding.object);
    for (const ActorRef& actor : finding.actors) side(actor);
    steps(finding, tag);
    lanes(finding, tag);
    pairs(finding.pairs);
    stand_ins(finding.stand_ins);
    line(0, "");
    line(0, page_.headline("why") + "   " + explanation_of(finding));
    if (const std::string cause = cause_line(report, finding); !cause.empty()) line(0, cause);
    line(0, page_.headline("hint") + "  " + hint_of(finding));
    line(0, page_.faint(follow_up(report, finding, tag, page_.options())));
    return harmless(out_, page_.options().color);
  }

 private:
  void line(int indent, const std::string& text) {
    out_ += std::string(static_cast<std::size_t>(indent), ' ') + text + "\n";
  }

  void stack(int indent, const Stack& frames) {
    if (frames.empty()) return line(indent, page_.faint("stack unknown"));
    for (const Frame& frame : frames) {
      const std::string text = frame.function + "  " + page_.place(frame);
      line(indent, frame.internal ? page_.faint(text + "  (library)") : text);
      const std::string quote = frame.internal ? "" : page_.quote(frame);
      if (!quote.empty()) line(indent + 2, std::to_string(frame.line) + " | " + page_.code(quote));
    }
  }

  void object(const ObjectRef& object) {
    if (object.object_class == ObjectClass::none && object.name.empty()) return;
    line(0, "");
    line(0, page_.headline("on") + " " + name_of(object) +
                (object.size == 0 ? "" : ", " + grouped(object.size) + " bytes"));
    if (!object.declared.file.empty()) line(2, "declared at " + page_.place(object.declared));
    if (object.created.empty()) return;
    line(2, object.object_class == ObjectClass::sync ? "first used in" : "allocated in");
    stack(4, object.created);
  }

  void side(const ActorRef& actor) {
    line(0, "");
    std::string what = actor.role == Role::performs ? "" : " " + std::string(word_of(actor.role));
    if (actor.role == Role::waits) what = " " + std::string(words_of(actor.reason)) + objects(actor);
    if (actor.role == Role::requests) what += objects(actor);
    if (const std::string waited = seconds(actor.waited_ns); !waited.empty()) what += " for " + waited;
    line(0, page_.headline(name_of(actor)) + what + " in");
    stack(4, actor.stack);
    if (actor.holds.empty()) line(2, "holds nothing");
    for (const Hold& hold : actor.holds) {
      line(2, "holds " + name_of(hold.object) + (hold.mode == trace::LockMode::shared ? " for reading" : "") +
                  ", locked in");
      stack(4, hold.stack);
    }
    if (actor.created.empty()) return;
    line(2, "created" + (actor.parent ? " by " + parent_name(actor) : "") + " in");
    stack(4, actor.created);
  }

  static std::string parent_name(const ActorRef& actor) {
    ActorRef parent;
    parent.id = actor.parent;
    parent.kind = actor.parent_kind;
    return short_name(parent);
  }

  static std::string objects(const ActorRef& actor) {
    std::string names;
    for (const ObjectRef& object : actor.objects) names += (names.empty() ? " " : ", ") + name_of(object);
    return names;
  }

  void steps(const Finding& finding, const std::string& tag) {
    const std::vector<std::string> lines = step_lines(finding, tag, page_);
    if (lines.empty()) return;
    line(0, "");
    line(0, page_.headline("step by step"));
    for (const std::string& step : lines) line(2, step);
  }

  void lanes(const Finding& race, const std::string& tag) {
    if (race.lanes.empty()) return;
    line(0, "");
    line(0, page_.headline("around the accesses"));
    for (std::size_t side = 0; side < race.lanes.size(); ++side) {
      line(2, name_of(race.actors[side]));
      for (const std::string& event : lane_lines(race, side, tag, page_)) line(4, event);
    }
    line(0, "");
    line(0, page_.headline("order between the two"));
    for (const std::string& order : order_lines(race, page_)) line(2, order);
    line(2, missing_order(race, tag, page_));
  }

  void pairs(const std::vector<RacePair>& all) {
    if (all.size() < 2) return;
    line(0, "");
    line(0, page_.headline("all places that race"));
    for (const RacePair& pair : all) line(2, pair_words(pair));
  }

  void stand_ins(const std::vector<StandIn>& all) {
    if (all.empty()) return;
    line(0, "");
    line(0, page_.headline("places that these stand for") + ": not recorded, as nothing synchronises in between");
    for (const StandIn& left_out : all) line(2, stand_in_words(left_out));
  }

  Page page_;
  std::string out_;
};

}  // namespace

std::string explain(const Report& report, const Finding& finding, const TextOptions& options) {
  return Explainer(options).run(report, finding);
}

std::string tell_graph(const Finding& finding, const std::string& tag, const TextOptions& options) {
  Page page(options);
  std::vector<std::string> lines = step_lines(finding, tag, page);
  if (lines.empty() && finding.kind == FindingKind::DataRace) lines.push_back(missing_order(finding, tag, page));
  if (lines.empty()) return "";
  std::string out = headline_of(finding, tag, page) + "\n";
  for (const std::string& step : lines) out += "  " + step + "\n";
  return harmless(out, options.color);
}

const Finding* find(const Report& report, const std::string& id) {
  const std::string full = id.substr(0, 2) == "G-" ? id : "G-" + id;
  const Finding* match = nullptr;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i];
    if (finding.id == id || tag_of(report.findings, i) == id) return &finding;
    if (full.size() <= 2 || finding.id.compare(0, full.size(), full) != 0) continue;
    if (match != nullptr) return nullptr;
    match = &finding;
  }
  return match;
}

}  // namespace gordian::analysis::report
