// SPDX-License-Identifier: Apache-2.0
// A subcommand: adds itself to the parser with its help text, and leaves what to do in Invocation::action when the user
// chose it. One file per subcommand; this is the list of them.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "analyzer/cli/terminal.h"
#include "analyzer/detect/analyze.h"

namespace gordian::cli {

struct Invocation {
  std::string self = "gordian";         // as the user typed it; follow-up lines repeat it
  Terminal terminal;                    // the options that every command has
  analysis::AnalyzeOptions analysis;    // of the commands that analyse (limits.h)
  bool has_dash = false;                // there is a `--` ...
  std::vector<std::string> after_dash;  // ... and this stands behind it: the program to run
  std::function<int()> action;          // of the chosen command; returns the exit status
};

void add_run(CLI::App& app, Invocation& invocation);
void add_record(CLI::App& app, Invocation& invocation);
void add_report(CLI::App& app, Invocation& invocation);
void add_analyze(CLI::App& app, Invocation& invocation);
void add_graph(CLI::App& app, Invocation& invocation);
void add_explain(CLI::App& app, Invocation& invocation);
void add_trace(CLI::App& app, Invocation& invocation);
void add_lint(CLI::App& app, Invocation& invocation);
void add_doctor(CLI::App& app, Invocation& invocation);
void add_demo(CLI::App& app, Invocation& invocation);
void add_drain(CLI::App& app, Invocation& invocation);  // internal, not in the help

}  // namespace gordian::cli
