// SPDX-License-Identifier: Apache-2.0
// gordian record: run a program and keep its trace, nothing else.
#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/recording.h"

namespace gordian::cli {
namespace {

constexpr auto kRecordHelp =
    "gordian record [OPTIONS] -- PROGRAM [ARGUMENTS]\n\n"
    "Runs a program and records it; `gordian analyze TRACE` does the rest whenever you like.\n\n"
    "Exit status: the program's own; 125 if gordian itself failed, 126 not executable, 127 not found,\n"
    "128 + n if signal n killed the program.";

// `gordian run` says it in its report.
void tell_losses(const analysis::RunOutcome& outcome, const Terminal& terminal) {
  for (const analysis::RecordedTrace& trace : outcome.traces) {
    if (trace.lost_sync + trace.lost_access != 0) {
      terminal.complain("process " + std::to_string(trace.pid) + ": lost " + std::to_string(trace.lost_sync) +
                        " events and " + std::to_string(trace.lost_access) + " words of access records");
    }
  }
}

}  // namespace

void add_record(CLI::App& app, Invocation& invocation) {
  auto recording = std::make_shared<Recording>();
  CLI::App* command = app.add_subcommand("record", "run a program and only record it");
  command->footer(kRecordHelp);
  add_recording(*command, *recording);
  command
      ->add_flag("--discard", recording->options.discard,
                 "keep nothing: for measuring what recording costs the program itself")
      ->excludes("--output");
  command->callback([=, &invocation] {
    recording->program = command->remaining();
    invocation.action = [=, &invocation] {
      int status = 0;
      const auto outcome = record(*recording, invocation, status);
      if (!outcome) {
        return status;
      }
      tell_losses(*outcome, invocation.terminal);
      return outcome->status;
    };
  });
}

}  // namespace gordian::cli
