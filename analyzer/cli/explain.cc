// SPDX-License-Identifier: Apache-2.0
// gordian explain: one finding in full.
#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/limits.h"
#include "analyzer/cli/present.h"
#include "analyzer/cli/traces.h"

namespace gordian::cli {
namespace {

constexpr auto kExplainHelp =
    "Explains one finding in full: whole stacks, locks held, each step of a cycle; of a race what each side did "
    "around\n"
    "its access, what orders the two, and which order is missing.\n\n"
    "Exit status: 0 explained, 2 no such finding, 3 the trace is unreadable.";

int explain(const std::string& trace, const std::string& id, const Invocation& invocation) {
  const auto report = analyze_trace(trace, invocation.analysis);
  if (!report) {
    invocation.terminal.complain(report.error());
    return status_of(report.error().kind);
  }
  const analysis::Finding* finding = analysis::report::find(*report, id);
  if (finding == nullptr) {
    invocation.terminal.complain("no single finding of " + trace + " is called " + id);
    invocation.terminal.complain("  `" + invocation.self + " analyze " + trace + "` lists them");
    return kUsage;
  }
  const auto written =
      write_result("", analysis::report::explain(*report, *finding, text_options(invocation, *report)));
  return written ? kNothingFound : kInternal;
}

}  // namespace

void add_explain(CLI::App& app, Invocation& invocation) {
  struct Options {
    std::string trace;
    std::string id;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("explain", "explain one finding in full");
  command->footer(kExplainHelp);
  add_limits(*command, invocation);
  command->add_option("TRACE", options->trace, "the trace")->required();
  command->add_option("ID", options->id, "an id (G-4f2a91c0, or how it begins) or D1, L1, R1 ...")->required();
  command->callback([=, &invocation] {
    invocation.action = [=, &invocation] { return explain(options->trace, options->id, invocation); };
  });
}

}  // namespace gordian::cli
