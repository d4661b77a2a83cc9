// SPDX-License-Identifier: Apache-2.0
// gordian drain: started by the runtime of a program that records itself; empties its ring into a trace,
// and prints the findings if asked to (GORDIAN_OPTIONS=report).
#include <cstdio>

#include "analyzer/cli/command.h"
#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/last_run.h"
#include "analyzer/cli/present.h"
#include "analyzer/cli/traces.h"
#include "analyzer/launch/session.h"

namespace gordian::cli {
namespace {

// The program's own stdout stays the program's: nobody asked for a report there.
int report(const std::string& trace, const Invocation& invocation) {
  const auto made = analyze_trace(trace);
  if (!made) {
    invocation.terminal.complain(made.error());
    return kOwnFailure;
  }
  std::fputs(analysis::report::text(*made, text_options(invocation, *made)).c_str(), stderr);
  return 0;
}

}  // namespace

void add_drain(CLI::App& app, Invocation& invocation) {
  struct Options {
    int descriptor = -1;
    bool report = false;
    bool child = false;
    analysis::RunOptions run;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("drain", "internal: empties the ring of a program that records itself");
  command->group("");  // not in the help
  command->add_option("DESCRIPTOR", options->descriptor, "an inherited, connected socket")->required();
  command->add_option("-o,--output", options->run.output, "the trace");
  command->add_flag("--child", options->child, "of a forked process: its trace gets a name of its own");
  command->add_flag("--report", options->report, "analyse the trace then, and print the findings on stderr");
  command->callback([=, &invocation] {
    invocation.action = [=, &invocation] {
      const auto trace = analysis::drain_connection(options->descriptor, options->run, options->child);
      if (!trace) {
        invocation.terminal.complain(trace.error());
        return kOwnFailure;
      }
      remember_last_run({trace->path});
      return options->report ? report(trace->path, invocation) : 0;
    };
  });
}

}  // namespace gordian::cli
