// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/targets.h"

#include "analyzer/cli/traces.h"
#include "analyzer/detect/analyze.h"
#include "analyzer/report/report.h"
#include "runtime/trace/decode.h"

namespace gordian::test {

namespace {

constexpr std::uint64_t kMostHistory = std::uint64_t{256} << 20;

bool is_weakened(const analysis::report::Report& report) {
  for (const analysis::Finding& finding : report.findings) {
    if (finding.certainty != analysis::Certainty::potential) {
      return false;
    }
  }
  return true;
}

}  // namespace

Outcome analyzed(Bytes bytes) {
  Outcome outcome;
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(std::move(bytes), kName);
  if (!file) {
    check_words(file.error());
    outcome.refused = true;
    return outcome;
  }
  const auto analysis = analysis::analyze(*file, {.memory = kMostHistory});
  if (!analysis) {
    check_words(analysis.error());
    outcome.refused = true;
    return outcome;
  }
  const analysis::report::Report report = cli::report_of(*file, *analysis);
  const std::string words = analysis::report::text(report, {});
  const std::string summary = analysis::report::summary(report, {});
  outcome.partial = summary.find("cut short") != std::string::npos || summary.find("lost") != std::string::npos;
  outcome.weakened = is_weakened(report);
  for (const analysis::Finding& finding : report.findings) {
    outcome.findings.push_back(finding.id);
  }
  return outcome;
}

void look_at_it(std::span<const std::uint8_t> bytes) {
  Bytes copy(bytes.begin(), bytes.end());
  repair_checksums(copy);
  analyzed(std::move(copy));
}

}  // namespace gordian::test
