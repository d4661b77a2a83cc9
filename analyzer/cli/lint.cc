// SPDX-License-Identifier: Apache-2.0
// gordian lint: becomes gordian-lint, the binary beside this one that links clang. Options are understood here, so that
// the command's help and its usage errors are like everybody's.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "analyzer/cli/command.h"
#include "analyzer/cli/exit_status.h"

namespace gordian::cli {
namespace {

constexpr auto kLintHelp =
    "Finds mistakes with goroutines, threads, locks and contexts in source code, without running it: compiled as "
    "compile_commands.json says, which is looked for above the first file unless -p names its folder, or with the "
    "options behind --.\n"
    "// NOLINT(gordian-NAME) on its line silences a finding, // NOLINTNEXTLINE(gordian-NAME) above it.\n\n"
    "  gordian lint -p build src/server.cc\n"
    "  gordian lint server.cc -- -Iinclude\n\n"
    "Exit status: 0 no warnings (notes are advice), 1 warnings, 2 usage, 3 a file does not compile, 70 internal error.";

struct LintOptions {
  std::vector<std::string> files;
  std::string build;
  std::string checks;
  std::string format = "text";
  bool fix = false;
  bool list = false;
};

std::vector<std::string> words_of(const LintOptions& options, const Invocation& invocation) {
  std::vector<std::string> words{"gordian lint", "--format=" + options.format,
                                 invocation.terminal.colored() ? "--use-color=1" : "--use-color=0"};
  const auto add_if = [&words](bool wanted, const std::string& word) {
    if (wanted) {
      words.push_back(word);
    }
  };
  add_if(!options.build.empty(), "-p=" + options.build);
  add_if(!options.checks.empty(), "--checks=" + options.checks);
  add_if(options.fix, "--fix");
  add_if(options.list, "--list");
  add_if(invocation.terminal.quiet, "-q");
  words.insert(words.end(), options.files.begin(), options.files.end());
  add_if(invocation.has_dash, "--");
  words.insert(words.end(), invocation.after_dash.begin(), invocation.after_dash.end());
  return words;
}

int lint(const LintOptions& options, const Invocation& invocation) {
  if (options.files.empty() && options.build.empty() && !options.list) {
    invocation.terminal.complain("lint: no files, and no build folder (-p)");
    return kUsage;
  }
  std::error_code ignored;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "gordian-lint";
  const std::vector<std::string> words = words_of(options, invocation);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const std::string& word : words) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  execv(binary.c_str(), argv.data());
  invocation.terminal.complain("cannot run " + binary.string() + ": " + std::strerror(errno));
  return kInternal;
}

}  // namespace

void add_lint(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<LintOptions>();
  CLI::App* command = app.add_subcommand("lint", "check source code for mistakes");
  command->footer(kLintHelp);
  command->add_option("FILES", options->files, "source files; with -p and none: all that the build compiles");
  command->add_option("-p", options->build, "the build folder, with compile_commands.json")->type_name("FOLDER");
  command->add_option("--checks", options->checks, "only these, a,b; with - in front all but these: -a,b")
      ->type_name("NAMES");
  command->add_option("--format", options->format, "text or sarif")->check(CLI::IsMember({"text", "sarif"}));
  command->add_flag("--fix", options->fix, "change the files where the cure is certain");
  command->add_flag("--list", options->list, "say what the checks find");
  command->callback([=, &invocation] { invocation.action = [=, &invocation] { return lint(*options, invocation); }; });
}

}  // namespace gordian::cli
