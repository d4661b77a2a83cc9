// SPDX-License-Identifier: Apache-2.0
// The command `gordian`: one subcommand per file, options that all have, and the exit statuses of usage errors.
// Everything after `--` is the program to run and is never looked at.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include "analyzer/cli/command.h"
#include "analyzer/cli/exit_status.h"
#include "analyzer/cli/suggest.h"

namespace gordian::cli {
namespace {

constexpr auto kDescription =
    "Finds data races, lock-order inversions, deadlocks and leaked goroutines in C++ programs, from one recorded "
    "run.\n\n"
    "  gordian-clang++ -g main.cc -o main      build it instrumented\n"
    "  gordian run -- ./main                   run it and see what is wrong\n";

void add_common_options(CLI::App& app, Invocation& invocation) {
  const std::map<std::string, ColorChoice> colors{
      {"auto", ColorChoice::automatic}, {"always", ColorChoice::always}, {"never", ColorChoice::never}};
  app.add_option("--color", invocation.terminal.color, "auto, always or never")
      ->transform(CLI::Transformer(colors))
      ->type_name("WHEN");
  app.add_flag("-q,--quiet", invocation.terminal.quiet, "only the result, no progress");
  app.add_flag("-v,--verbose", invocation.terminal.verbose,
               "more progress, and how long each lock and channel was waited for");
}

void add_commands(CLI::App& app, Invocation& invocation) {
  for (const auto add : {add_run, add_record, add_report, add_analyze, add_graph, add_explain, add_trace, add_lint,
                         add_doctor, add_demo, add_drain}) {
    add(app, invocation);
  }
  add_common_options(app, invocation);
  for (CLI::App* command : app.get_subcommands({})) {
    add_common_options(*command, invocation);
  }
}

// The usage error of a first word that is no command; false if it is one or an option.
bool complain_about_unknown_command(const CLI::App& app, const std::vector<std::string>& words,
                                    const Invocation& invocation) {
  if (words.empty() || words.front().starts_with("-")) {
    return false;
  }
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); })) {
    known.push_back(command->get_name());
  }
  if (words.front() == "drain" || std::find(known.begin(), known.end(), words.front()) != known.end()) {
    return false;
  }
  const auto meant = suggest(words.front(), known);
  invocation.terminal.complain("there is no command '" + words.front() + "'" +
                               (meant ? "; did you mean '" + *meant + "'?" : "; see `gordian --help`"));
  return true;
}

bool runs_a_program(const std::vector<std::string>& words) {
  return !words.empty() && (words.front() == "run" || words.front() == "record");
}

int parse_and_act(CLI::App& app, std::vector<std::string> words, Invocation& invocation) {
  const int usage_status = runs_a_program(words) ? kOwnFailure : kUsage;
  try {
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    app.parse(words);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    invocation.terminal.complain(error.what());
    return usage_status;
  }
  if (!invocation.action) {
    std::fputs(app.help().c_str(), stderr);
    return kUsage;
  }
  return invocation.action();
}

int command_line(int argc, char** argv) {
  Invocation invocation;
  invocation.self = argc > 0 ? argv[0] : "gordian";
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  const auto dash = std::find(words.begin(), words.end(), "--");
  if (dash != words.end()) {
    invocation.has_dash = true;
    invocation.after_dash.assign(dash + 1, words.end());
    words.erase(dash, words.end());
  }
  CLI::App app(kDescription, "gordian");
  app.set_version_flag("--version", "gordian " GORDIAN_VERSION);
  add_commands(app, invocation);
  if (complain_about_unknown_command(app, words, invocation)) {
    return kUsage;
  }
  return parse_and_act(app, std::move(words), invocation);
}

}  // namespace
}  // namespace gordian::cli

int main(int argc, char** argv) {
  try {
    return gordian::cli::command_line(argc, argv);
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "gordian: internal error: %s\n", exception.what());
    const bool runs = argc > 1 && (std::string_view(argv[1]) == "run" || std::string_view(argv[1]) == "record");
    return runs ? gordian::cli::kOwnFailure : gordian::cli::kInternal;
  }
}
