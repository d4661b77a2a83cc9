// SPDX-License-Identifier: Apache-2.0
// One finding in at most 14 lines: what, on what, who and where, why, and what to do. What does not fit is counted, and
// `gordian explain` has it.
#include <algorithm>
#include <span>

#include "analyzer/finding/gist.h"
#include "analyzer/finding/phrases.h"
#include "analyzer/report/follow_up.h"
#include "analyzer/report/misuse_words.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"
#include "analyzer/report/steps.h"
#include "analyzer/report/words.h"

namespace gordian::analysis::report {
namespace {

// 1 headline + 7 steps + 3 actors + why, hint, follow-up = 14; races: 1 + 1 object + 2 * 3 + 1 other pairs + 1 cause +
// 3 = 13.
constexpr std::size_t kMostSteps = 7;
constexpr std::size_t kMostActors = 3;

using Lines = std::vector<std::string>;

// Keeps as many lines as allowed; the last one then counts the rest.
void append_limited(Lines& lines, const Lines& more, std::size_t most, const std::string& noun) {
  const std::size_t kept = more.size() <= most ? more.size() : most - 1;
  for (std::size_t i = 0; i < kept; ++i) lines.push_back("  " + more[i]);
  if (kept != more.size()) lines.push_back("  ... " + grouped(more.size() - kept) + " more " + noun);
}

std::string object_line(const ObjectRef& object, const Page& page) {
  const bool sync = object.object_class == ObjectClass::sync;
  std::string line = "  ";
  if (!object.name.empty()) line += page.code(object.name) + ": ";
  line += sync ? word_of(object.sync_kind) : word_of(object.object_class);
  if (!sync && object.size != 0) line += ", " + grouped(object.size) + (object.size == 1 ? " byte" : " bytes");
  if (!object.declared.file.empty()) return line + ", declared at " + page.place(object.declared);
  const Frame* created = user_frame(object.created);
  if (created == nullptr) return line;
  return line + (sync ? ", first used at " : ", allocated at ") + created->function + " " + page.place(*created);
}

bool has_object(const Finding& finding) {
  return finding.object.object_class != ObjectClass::none || !finding.object.name.empty();
}

// Told side by side, each with its line; the others step by step.
bool has_sides(FindingKind kind) {
  return kind == FindingKind::DataRace || kind == FindingKind::Misuse || kind == FindingKind::Starvation ||
         kind == FindingKind::Livelock;
}

// What stands before the name and after it: "g7 worker writes", "g3 stop fails", "earlier: main".
std::string deed_line(const Finding& finding, std::size_t index, const Page& page) {
  const ActorRef& actor = finding.actors[index];
  const std::string name = page.headline(name_of(actor));
  if (finding.kind == FindingKind::Livelock) return name + " fails to get " + name_of(actor.objects.front());
  if (finding.kind != FindingKind::Misuse) return name + " " + std::string(word_of(actor.role));
  if (index == 0) return name + " " + misuse_deed(finding.subkind);
  const std::string other = finding.panic == trace::PanicCode::none ? misuse_other_deed(finding.subkind) : "";
  return other.empty() ? "earlier: " + name : name + " " + other;
}

// Who did what where, the source line, and the way there.
void append_side(Lines& lines, const Finding& finding, std::size_t index, Page& page) {
  const ActorRef& actor = finding.actors[index];
  const Frame* at = user_frame(actor.stack);
  const bool is_race = finding.kind == FindingKind::DataRace;
  const std::string holds = !is_race && actor.holds.empty() ? "" : ", " + holds_line(actor);
  const std::string where = at == nullptr ? creation_clause(actor) : " at " + page.place(*at);
  lines.push_back("  " + deed_line(finding, index, page) + where + holds);
  const std::string quote = at == nullptr ? "" : page.quote(*at);
  if (!quote.empty()) lines.push_back("      " + std::to_string(at->line) + " | " + page.code(quote));
  const std::string way = stack_line(actor.stack);
  if (!way.empty()) lines.push_back("    " + page.faint("in " + way + creation_clause(actor)));
}

std::string actor_line(const Finding& finding, const ActorRef& actor, const Page& page) {
  std::string line = page.headline(name_of(actor)) + ": " + stack_line(actor.stack) + creation_clause(actor);
  if (finding.graph.nodes.empty() && !actor.holds.empty()) line += ", " + holds_line(actor);
  return actor.count == 1 ? line : line + ", and " + grouped(actor.count - 1) + " more like it";
}

std::string rest_line(std::span<const ActorRef> rest) {
  std::uint64_t count = 0;
  bool threads = true;
  for (const ActorRef& actor : rest) {
    count += actor.count;
    threads = threads && actor.kind == ActorKind::thread;
  }
  return "  ... " + grouped(count) + (threads ? " more threads" : " more goroutines");
}

void append_actors(Lines& lines, const Finding& finding, const Page& page) {
  const std::span<const ActorRef> actors(finding.actors);
  const std::size_t kept = actors.size() <= kMostActors ? actors.size() : kMostActors - 1;
  for (const ActorRef& actor : actors.first(kept)) lines.push_back("  " + actor_line(finding, actor, page));
  if (kept != actors.size()) lines.push_back(rest_line(actors.subspan(kept)));
}

void append_body(Lines& lines, const Finding& finding, const std::string& tag, Page& page) {
  if (has_sides(finding.kind)) {
    if (has_object(finding)) lines.push_back(object_line(finding.object, page));
    const std::size_t shown = std::min<std::size_t>(finding.actors.size(), 2);
    for (std::size_t i = 0; i < shown; ++i) append_side(lines, finding, i, page);
    if (shown < finding.actors.size()) lines.push_back("  ... " + grouped(finding.actors.size() - shown) + " more");
    if (const std::string others = other_pairs_line(finding.pairs); !others.empty()) lines.push_back("  " + others);
    if (const std::string line = stand_ins_line(finding.stand_ins); !line.empty()) lines.push_back("  " + line);
    return;
  }
  append_limited(lines, step_lines(finding, tag, page), kMostSteps, "steps");
  append_actors(lines, finding, page);
}

Lines finding_lines(const Report& report, const Finding& finding, const std::string& tag, Page& page) {
  Lines lines{headline_of(finding, tag, page)};
  append_body(lines, finding, tag, page);
  if (const std::string why = explanation_of(finding); !why.empty()) lines.push_back("  why: " + why);
  if (const std::string cause = cause_line(report, finding); !cause.empty()) lines.push_back("  " + cause);
  if (const std::string hint = hint_of(finding); !hint.empty()) lines.push_back("  hint: " + hint);
  lines.push_back("  " + page.faint(follow_up(report, finding, tag, page.options())));
  return lines;
}

}  // namespace

std::string text(const Report& report, const TextOptions& options) {
  Page page(options);
  std::string out;
  const std::vector<std::string> tags = tags_of(report.findings);
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    for (const std::string& line : finding_lines(report, report.findings[i], tags[i], page)) out += line + "\n";
    out += "\n";
  }
  constexpr std::size_t kMostContended = 10;
  if (options.contention && !report.contention.empty()) {
    out += contention_table(report.contention, kMostContended) + "\n";
  }
  if (options.summary) out += summary(report, options);
  return harmless(out, options.color);
}

}  // namespace gordian::analysis::report
