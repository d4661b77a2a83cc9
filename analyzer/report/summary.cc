// SPDX-License-Identifier: Apache-2.0
// Honest closing lines: how many findings of which certainty, what was looked at, and what could not be seen.
#include <algorithm>

#include "analyzer/finding/phrases.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"
#include "analyzer/report/steps.h"

namespace gordian::analysis::report {
namespace {

constexpr std::size_t kMostNamed = 3;

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
  return trace.lost == 0 ? text + ", nothing lost" : text;
}

std::string unfinished_note(const std::vector<ActorRef>& unfinished) {
  const bool one = unfinished.size() == 1;
  std::string text = plural(unfinished.size(), "goroutine");
  text += std::string(one ? " was" : " were") + " not finished when the program ended, but could have gone on: ";
  for (std::size_t i = 0; i < std::min(unfinished.size(), kMostNamed); ++i) {
    const Frame* at = user_frame(unfinished[i].stack);
    text += (i == 0 ? "" : ", ") + name_of(unfinished[i]) + (at == nullptr ? "" : " at " + place_of(*at));
  }
  return unfinished.size() > kMostNamed ? text + ", ... " + grouped(unfinished.size() - kMostNamed) + " more" : text;
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
  if (!report.unfinished.empty()) out += "note: " + unfinished_note(report.unfinished) + "\n";
  for (const std::string& note : report.notes) out += "note: " + note + "\n";
  if (!report.suppressed.empty()) out += "note: " + plural(report.suppressed.size(), "finding") + " suppressed\n";
  return harmless(out, options.color);
}

}  // namespace gordian::analysis::report
