// SPDX-License-Identifier: Apache-2.0
// Facts are copied, never judged: whether something is a finding was decided in analyzer/detect.
#include "analyzer/cli/traces.h"

#include <map>
#include <optional>
#include <utility>

#include "runtime/trace/decode.h"

namespace gordian::cli {
namespace {

using analysis::Analysis;
using analysis::Finding;
using analysis::report::Report;

void add_end(const std::optional<trace::FileEnd>& end, analysis::report::ProgramFacts& program) {
  if (end && end->kind == trace::EndKind::exited) {
    program.exit_status = end->status;
  } else if (end && end->kind == trace::EndKind::signaled) {
    program.signal = end->status;
  }
}

// Findings that an earlier report of the same program holds already are dropped, and counted there.
void keep_first_of_each(std::vector<Report>& reports) {
  std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::size_t>> first;  // -> report, finding
  for (std::size_t i = 0; i < reports.size(); ++i) {
    std::vector<Finding> kept;
    for (Finding& finding : reports[i].findings) {
      const auto [place, is_new] = first.try_emplace({reports[i].program.path, finding.id}, i, kept.size());
      if (is_new || place->second.first == i) {
        kept.push_back(std::move(finding));
      } else {
        reports[place->second.first].findings[place->second.second].occurrences += finding.occurrences;
      }
    }
    reports[i].findings = std::move(kept);
  }
}

}  // namespace

Report report_of(const trace::TraceFile& file, const Analysis& analysis) {
  Report report;
  report.trace.path = file.path();
  report.trace.partial = analysis.coverage.truncated.has_value();
  report.trace.events = analysis.merge.steps;
  report.trace.accesses = analysis.merge.accesses;
  report.trace.lost = analysis.coverage.lost_sync + analysis.coverage.lost_access;
  report.trace.unordered = analysis.merge.unordered;
  report.trace.left_out = analysis.coverage.left_out;
  report.trace.goroutines = analysis.coverage.actors - analysis.coverage.threads;
  report.trace.threads = analysis.coverage.threads;
  report.limits = {analysis.coverage.races_uncounted, analysis.coverage.lock_orders_complete};
  report.program.path = file.program();
  report.program.command = file.command();
  report.program.pid = file.header().pid;
  report.program.identity = trace::trace_identity(file.header().start_realtime_ns, file.header().start_cycles);
  report.program.parent = file.header().parent_trace;
  report.program.is_forked = file.header().parent_fork != 0;
  report.program.started_ns = file.header().start_realtime_ns;
  add_end(file.end(), report.program);
  report.findings = analysis.findings;
  report.uninstrumented = analysis.symbols.uninstrumented();
  report.unfinished = analysis.unfinished;
  report.contention = analysis.contention;
  if (analysis.coverage.functions == 0) {
    report.notes.emplace_back("no instrumented function ran: data races cannot be seen; build with gordian-clang++");
  }
  return report;
}

Result<Report> analyze_trace(const std::string& path, const analysis::AnalyzeOptions& options) {
  const auto file = trace::TraceFile::open(path);
  if (!file) {
    return file.error();
  }
  const auto analysis = analysis::analyze(*file, options);
  if (!analysis) {
    return analysis.error();
  }
  return report_of(*file, *analysis);
}

Result<std::vector<Report>> analyze_traces(const std::vector<std::string>& paths,
                                           const analysis::AnalyzeOptions& options) {
  std::vector<Report> reports;
  for (const std::string& path : paths) {
    auto report = analyze_trace(path, options);
    if (!report) {
      return std::move(report).error();
    }
    reports.push_back(std::move(*report));
  }
  keep_first_of_each(reports);
  return reports;
}

Report merged(const std::vector<Report>& reports) {
  Report all;
  if (reports.empty()) {
    return all;
  }
  all = reports.front();
  for (std::size_t i = 1; i < reports.size(); ++i) {
    const Report& next = reports[i];
    all.trace.partial = all.trace.partial || next.trace.partial;
    all.trace.events += next.trace.events;
    all.trace.accesses += next.trace.accesses;
    all.trace.lost += next.trace.lost;
    all.trace.unordered += next.trace.unordered;
    all.trace.left_out += next.trace.left_out;
    all.trace.goroutines += next.trace.goroutines;
    all.trace.threads += next.trace.threads;
    all.limits.races_uncounted += next.limits.races_uncounted;
    all.limits.lock_orders_complete = all.limits.lock_orders_complete && next.limits.lock_orders_complete;
    all.findings.insert(all.findings.end(), next.findings.begin(), next.findings.end());
    all.unfinished.insert(all.unfinished.end(), next.unfinished.begin(), next.unfinished.end());
    all.contention.insert(all.contention.end(), next.contention.begin(), next.contention.end());
    all.uninstrumented.insert(all.uninstrumented.end(), next.uninstrumented.begin(), next.uninstrumented.end());
    all.notes.insert(all.notes.end(), next.notes.begin(), next.notes.end());
  }
  return all;
}

}  // namespace gordian::cli
