// SPDX-License-Identifier: Apache-2.0
// gordian report: the findings of the last run again.
#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/last_run.h"
#include "analyzer/cli/limits.h"
#include "analyzer/cli/looking.h"

namespace gordian::cli {
namespace {

constexpr auto kReportHelp =
    "Prints the findings of your last `gordian run` or `gordian record` again, from the traces it left.\n\n"
    "Exit status: as `gordian analyze`.";

}  // namespace

void add_report(CLI::App& app, Invocation& invocation) {
  struct Options {
    Presentation presentation;
    std::vector<std::string> fail_on;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("report", "print the findings of the last run again");
  command->footer(kReportHelp);
  add_presentation(*command, options->presentation, "-o,--output");
  add_limits(*command, invocation);
  add_fail_on(*command, options->fail_on);
  command->callback([=, &invocation] {
    invocation.action = [=, &invocation] {
      const auto traces = last_run();
      if (!traces) {
        invocation.terminal.complain(traces.error());
        return status_of(traces.error().kind);
      }
      return look_at(*traces, options->presentation, options->fail_on, invocation);
    };
  });
}

}  // namespace gordian::cli
