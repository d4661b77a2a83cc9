// SPDX-License-Identifier: Apache-2.0
// gordian analyze: the findings of traces.
#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/limits.h"
#include "analyzer/cli/looking.h"
#include "analyzer/cli/traces.h"

namespace gordian::cli {
namespace {

constexpr auto kAnalyzeHelp =
    "Analyses traces and prints the findings; a finding that several traces show is printed once.\n\n"
    "Exit status: 0 nothing found, 1 findings, 2 usage, 3 a trace is unreadable, or partial without findings.";

}  // namespace

int look_at(const std::vector<std::string>& traces, const Presentation& presentation,
            const std::vector<std::string>& fail_on, const Invocation& invocation) {
  const auto reports = analyze_traces(traces, invocation.analysis);
  if (!reports) {
    invocation.terminal.complain(reports.error());
    return status_of(reports.error().kind);
  }
  if (const auto written = present(*reports, presentation, invocation); !written) {
    invocation.terminal.complain(written.error());
    return kInternal;
  }
  if (fails(*reports, fail_on)) {
    return kFound;
  }
  const bool has_findings = !merged(*reports).findings.empty();
  return merged(*reports).trace.partial && !has_findings ? kUnreadable : kNothingFound;
}

void add_analyze(CLI::App& app, Invocation& invocation) {
  struct Options {
    std::vector<std::string> traces;
    Presentation presentation;
    std::vector<std::string> fail_on;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("analyze", "print the findings of traces");
  command->footer(kAnalyzeHelp);
  command->add_option("TRACE", options->traces, "traces of `gordian run` or `gordian record`")->required();
  add_presentation(*command, options->presentation, "-o,--output");
  add_limits(*command, invocation);
  add_fail_on(*command, options->fail_on);
  command->callback([=, &invocation] {
    invocation.action = [=, &invocation] {
      return look_at(options->traces, options->presentation, options->fail_on, invocation);
    };
  });
}

}  // namespace gordian::cli
