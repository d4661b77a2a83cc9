// SPDX-License-Identifier: Apache-2.0
// The options --format, -o and --fail-on, shared by the commands that print findings, and the printing.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "analyzer/cli/command.h"
#include "analyzer/report/report.h"

namespace gordian::cli {

struct Presentation {
  std::vector<std::string> formats{"text"};
  std::string output;  // empty = stdout; with several formats each replaces the extension: report.txt, report.json
};

// `output_option` is the option's name: -o, or --report where -o names the trace.
void add_presentation(CLI::App& command, Presentation& presentation, const std::string& output_option);

// Which certainties make a run fail; empty = none does.
void add_fail_on(CLI::App& command, std::vector<std::string>& fail_on);
bool fails(const std::vector<analysis::report::Report>& reports, const std::vector<std::string>& fail_on);

analysis::report::TextOptions text_options(const Invocation& invocation, const analysis::report::Report& report);

// One section per process that has findings, then one summary of all.
Result<void> present(const std::vector<analysis::report::Report>& reports, const Presentation& presentation,
                     const Invocation& invocation);

}  // namespace gordian::cli
