// SPDX-License-Identifier: Apache-2.0
// Honest closing lines: how many findings of which certainty, what was looked at, and what could not be seen.
#include <algorithm>

#include "analyzer/finding/phrases.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"
#include "analyzer/report/steps.h"
#include "analyzer/report/words.h"

namespace gordian::analysis::report {
namespace {

std::string plural(std::uint64_t count, const std::string& noun) {
  return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string counts(const Report& report) {
  if (report.findings.empty()) return "no findings";
  std::string text = plural(report.findings.size(), "finding") + ":";
  const char* separator = " ";
  for (const Certainty certainty : {Certainty::observed, Certainty::predicted, Certainty::potential}) {
    const auto count = std::count_if(report.findings.begin(), report.findings.end(),
                                     [=](const Finding& finding) { return finding.certainty == certainty; });
    if (count == 0) continue;
    text += separator + grouped(static_cast<std::uint64_t>(count)) + " " + std::string(word_of(certainty));
    separator = ", ";
  }
  return text;
}

std::string coverage(const TraceFacts& trace) {
  std::string text = "looked at " + plural(trace.events, "event");
  text += " and " + grouped(trace.accesses) + (trace.accesses == 1 ? " memory access" : " memory accesses");
  if (trace.goroutines != 0) text += " of " + plural(trace.goroutines, "goroutine");
  if (trace.goroutines != 0 && trace.threads != 0) text += " and " + plural(trace.threads, "thread");
  return trace.lost + trace.left_out == 0 ? text + ", nothing lost" : text;
}

std::string counted(const std::vector<const ActorRef*>& actors) {
  const auto threads = static_cast<std::size_t>(std::count_if(
      actors.begin(), actors.end(), [](const ActorRef* actor) { return actor->kind == ActorKind::thread; }));
  if (threads == 0) return plural(actors.size(), "goroutine");
  if (threads == actors.size()) return plural(threads, "thread");
  return plural(actors.size() - threads, "goroutine") + " and " + plural(threads, "thread");
}

std::string unfinished_note(const std::vector<const ActorRef*>& actors, const std::string& was) {
  std::string text = counted(actors) + (actors.size() == 1 ? " was " : " were ") + was + ": ";
  for (std::size_t i = 0; i < std::min(actors.size(), kMostNamed); ++i) {
    const Frame* at = user_frame(actors[i]->stack);
    text += (i == 0 ? "" : ", ") + name_of(*actors[i]) + (at == nullptr ? "" : " at " + place_of(*at));
  }
  return actors.size() > kMostNamed ? text + ", ... " + grouped(actors.size() - kMostNamed) + " more" : text;
}

std::vector<std::string> unfinished_notes(const std::vector<ActorRef>& unfinished) {
  std::vector<const ActorRef*> waiting, others;
  for (const ActorRef& actor : unfinished) (actor.role == Role::waits ? waiting : others).push_back(&actor);
  std::vector<std::string> notes;
  if (!waiting.empty()) {
    notes.push_back(unfinished_note(
        waiting, "still waiting when the program ended, leaked unless somebody else would have ended the wait"));
  }
  if (!others.empty()) {
    notes.push_back(unfinished_note(others, "not finished when the program ended, but could have gone on"));
  }
  return notes;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMostNamed ? text + ", ... " + grouped(names.size() - kMostNamed) + " more" : text;
}

// What the reader must know before trusting an empty report.
std::vector<std::string> warnings(const Report& report) {
  std::vector<std::string> lines;
  const TraceFacts& trace = report.trace;
  if (trace.partial) lines.push_back("the trace is cut short: what is found holds, but the end was not seen");
  if (trace.lost != 0) lines.push_back(plural(trace.lost, "event") + " lost while recording: something may be missed");
  if (trace.unordered != 0) {
    lines.push_back(plural(trace.unordered, "event") + " without predecessor: no finding is more than potential");
  }
  if (trace.left_out != 0) {
    lines.push_back(grouped(trace.left_out) + (trace.left_out == 1 ? " memory access" : " memory accesses") +
                    " left out, at an unknown place or beyond the memory and time there was: races may be missed");
  }
  if (report.limits.races_uncounted != 0) {
    lines.push_back(plural(report.limits.races_uncounted, "race") +
                    " left out, between places that are reported to race on many other objects");
  }
  if (!report.limits.lock_orders_complete) {
    lines.push_back("too many lock orders to look at all circles: inversions may be missed");
  }
  if (!report.uninstrumented.empty()) {
    lines.push_back("not instrumented, races inside stay unseen: " + listed(report.uninstrumented));
  }
  return lines;
}

}  // namespace

std::string summary(const Report& report, const TextOptions& options) {
  const Page page(options);
  std::string out = page.headline(counts(report)) + "; " + coverage(report.trace) + "\n";
  for (const std::string& warning : warnings(report)) out += page.guilty("warning:") + " " + warning + "\n";
  for (const std::string& note : unfinished_notes(report.unfinished)) out += "note: " + note + "\n";
  for (const std::string& note : report.notes) out += "note: " + note + "\n";
  if (!report.suppressed.empty()) out += "note: " + plural(report.suppressed.size(), "finding") + " suppressed\n";
  return harmless(out, options.color);
}

}  // namespace gordian::analysis::report
