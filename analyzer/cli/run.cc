// SPDX-License-Identifier: Apache-2.0
// gordian run: record a program, analyse what it left, print the findings. The program's status comes first; findings
// speak only if it was 0.
#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/limits.h"
#include "analyzer/cli/present.h"
#include "analyzer/cli/recording.h"
#include "analyzer/cli/traces.h"

namespace gordian::cli {
namespace {

constexpr auto kRunHelp =
    "gordian run [OPTIONS] -- PROGRAM [ARGUMENTS]\n\n"
    "Runs a program, records it, analyses the trace and prints the findings.\n"
    "Every instrumented process that it starts is followed: one trace each, one report.\n\n"
    "Exit status: the program's own; 66 if that was 0 and there are findings (--fail-on); 125 if gordian itself\n"
    "failed, or something was not recorded and the rest has no findings; 126 not executable, 127 not found,\n"
    "128 + n if signal n killed the program.";

struct RunOptions {
  Recording recording;
  Presentation presentation;
  std::vector<std::string> fail_on;
};

// A program with a runtime of another version may come to us and then write what we do not read.
bool tell_silent(const std::vector<analysis::report::Report>& reports, const Terminal& terminal) {
  bool any = false;
  for (const analysis::report::Report& report : reports) {
    if (report.trace.events == 0) {
      terminal.complain("not recorded: process " + std::to_string(report.program.pid) + ": " + report.program.path +
                        " wrote no event; rebuild it with this version of Gordian");
      any = true;
    }
  }
  return any;
}

int run(const RunOptions& options, const Invocation& invocation) {
  int status = 0;
  const auto outcome = record(options.recording, invocation, status);
  if (!outcome) {
    return status;
  }
  const auto unless_its_own = [&](int ours) { return outcome->status != 0 ? outcome->status : ours; };
  if (outcome->traces.empty()) {
    return unless_its_own(kOwnFailure);
  }
  std::vector<std::string> paths;
  for (const analysis::RecordedTrace& trace : outcome->traces) {
    paths.push_back(trace.path);
  }
  const auto reports = analyze_traces(paths, invocation.analysis);
  if (!reports) {
    invocation.terminal.complain(reports.error());
    return unless_its_own(kOwnFailure);
  }
  if (const auto written = present(*reports, options.presentation, invocation); !written) {
    invocation.terminal.complain(written.error());
    return unless_its_own(kOwnFailure);
  }
  const bool missing = tell_silent(*reports, invocation.terminal) || !outcome->refused.empty();
  return unless_its_own(fails(*reports, options.fail_on) ? kFindings : missing ? kOwnFailure : 0);
}

}  // namespace

void add_run(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "run a program and print what is wrong with it");
  command->footer(kRunHelp);
  add_recording(*command, options->recording);
  add_presentation(*command, options->presentation, "--report");
  add_limits(*command, invocation);
  add_fail_on(*command, options->fail_on);
  command->callback([=, &invocation] {
    options->recording.program = command->remaining();
    options->recording.options.is_read_at_once = true;
    invocation.action = [=, &invocation] { return run(*options, invocation); };
  });
}

}  // namespace gordian::cli
