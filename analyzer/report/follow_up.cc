// SPDX-License-Identifier: Apache-2.0
// Commands can be copied into a shell as they stand.
#include "analyzer/report/follow_up.h"

#include <algorithm>
#include <vector>

#include "analyzer/finding/gist.h"
#include "analyzer/finding/phrases.h"
#include "analyzer/report/words.h"

namespace gordian::analysis::report {
namespace {

std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::string headline_of(const Finding& finding, const std::string& tag, const Page& page) {
  const std::string kind = analysis::headline_of(finding) + " " + tag;
  const std::string details =
      (finding.subkind.empty() ? "" : finding.subkind + ", ") + std::string(word_of(finding.certainty));
  std::string line =
      page.guilty("[" + finding.id + "] " + kind) + " (" + details + "): " + page.headline(gist_of(finding));
  const bool counted = finding.occurrences == guilty_actors(finding);  // "199 goroutines wait" has said it
  if (finding.occurrences > 1 && !(counted && finding.kind == FindingKind::LeakedGoroutine))
    line += ", seen " + grouped(finding.occurrences) + " times";
  return line;
}

std::string cause_line(const Report& report, const Finding& finding) {
  std::vector<std::string> tags;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const auto& causes = finding.follows;
    if (std::find(causes.begin(), causes.end(), report.findings[i].id) != causes.end()) {
      tags.push_back(tag_of(report.findings, i));
    }
  }
  if (tags.empty()) return "";
  const std::size_t more = tags.size() - std::min(tags.size(), kMostNamed);
  std::string names;
  for (std::size_t i = 0; i < tags.size() - more; ++i) {
    const bool is_last = i + 1 == tags.size();
    names += (i == 0 ? "" : is_last ? " and " : ", ") + tags[i];
  }
  if (more != 0) names += " and " + grouped(more) + " more";
  const bool one = tags.size() == 1;
  return "follows: one side had read what raced in " + names + " before; it may only race because of " +
         (one ? "that" : "them") + ", so mend " + (one ? tags.front() : "those") + " first";
}

std::string follow_up(const Report& report, const Finding& finding, const std::string& tag,
                      const TextOptions& options) {
  const std::string program = shell_word(options.program);
  const std::string trace = shell_word(report.trace.path);
  const std::string explain = program + " explain " + trace + " " + finding.id;
  const bool drawable = !finding.graph.nodes.empty() || finding.kind == FindingKind::DataRace;
  if (!drawable) return explain;
  return explain + " | " + program + " graph " + trace + " --finding " + finding.id + " -o " + tag + ".svg";
}

}  // namespace gordian::analysis::report
