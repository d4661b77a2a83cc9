// SPDX-License-Identifier: Apache-2.0
// From trace files to reports: open, analyse, collect the facts that a report names. Several traces become several
// reports in which each finding stands once, with the occurrences of all.
#pragma once

#include <string>
#include <vector>

#include "analyzer/detect/analyze.h"
#include "analyzer/report/report.h"
#include "runtime/base/result.h"

namespace gordian::cli {

// Opens and analyses one trace.
Result<analysis::report::Report> analyze_trace(const std::string& path, const analysis::AnalyzeOptions& options = {});

// The report of an analysis that has been made already.
analysis::report::Report report_of(const trace::TraceFile& file, const analysis::Analysis& analysis);

// Opens and analyses all; the first that cannot be read is the error. A finding that several traces of one
// program show stays in the first of them.
Result<std::vector<analysis::report::Report>> analyze_traces(const std::vector<std::string>& paths,
                                                             const analysis::AnalyzeOptions& options);

// All in one: facts added up, findings one after the other. For a single report, that report.
analysis::report::Report merged(const std::vector<analysis::report::Report>& reports);

}  // namespace gordian::cli
