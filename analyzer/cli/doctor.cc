// SPDX-License-Identifier: Apache-2.0
// gordian doctor: can this machine build, record and draw? A line for each answer.
#include <algorithm>

#include "analyzer/cli/checks.h"
#include "analyzer/cli/command.h"
#include "analyzer/cli/exit_status.h"

namespace gordian::cli {
namespace {

constexpr auto kDoctorHelp =
    "Checks what Gordian needs from this machine, a line each, and says what to do where something is missing.\n\n"
    "Exit status: 0 all is well, 1 something is missing.";

std::string line_of(const Check& check, std::size_t width, bool colored) {
  const std::string answer = check.ok ? "ok     " : "problem";
  const std::string shown = colored ? (check.ok ? "\033[32m" : "\033[31m") + answer + "\033[0m" : answer;
  std::string line = shown + "  " + check.name + std::string(width - check.name.size() + 2, ' ') + check.what + "\n";
  if (!check.remedy.empty()) {
    line += std::string(answer.size() + 2 + width + 2, ' ') + check.remedy + "\n";
  }
  return line;
}

int doctor(const Invocation& invocation) {
  const std::vector<Check> checks = all_checks();
  std::size_t width = 0;
  for (const Check& check : checks) {
    width = std::max(width, check.name.size());
  }
  std::string text;
  for (const Check& check : checks) {
    text += line_of(check, width, invocation.terminal.colored());
  }
  if (!write_result("", text)) {
    return kInternal;
  }
  const bool well = std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.ok; });
  return well ? kNothingFound : kFound;
}

}  // namespace

void add_doctor(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("doctor", "check what Gordian needs from this machine");
  command->footer(kDoctorHelp);
  command->callback([&invocation] { invocation.action = [&invocation] { return doctor(invocation); }; });
}

}  // namespace gordian::cli
