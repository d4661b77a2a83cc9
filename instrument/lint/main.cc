// SPDX-License-Identifier: Apache-2.0
// gordian-lint, which `gordian lint` becomes by exec: options, and the exit statuses of a command that looks: 0 nothing
// found, 1 warnings, 2 usage, 3 a file does not compile, 70 internal error. Notes alone leave the status at 0.
#include <clang/Tooling/CompilationDatabase.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/Process.h>

#include <cstdlib>
#include <exception>
#include <optional>
#include <set>
#include <string>

#include "instrument/lint/tool.h"

namespace {

using namespace gordian::lint;
using clang::tooling::CompilationDatabase;
namespace cl = llvm::cl;

constexpr int kFound = 1;
constexpr int kUsage = 2;
constexpr int kUnreadable = 3;
constexpr int kInternal = 70;

cl::OptionCategory category("options");
cl::list<std::string> files(cl::Positional, cl::desc("FILES"), cl::cat(category));
cl::opt<std::string> build("p",
                           cl::desc("the build folder with compile_commands.json; without FILES: all that it compiles"),
                           cl::value_desc("folder"), cl::cat(category));
cl::opt<std::string> chosen("checks", cl::desc("only these, by name; with - in front: all but these"),
                            cl::value_desc("a,b"), cl::cat(category));
cl::opt<bool> fix("fix", cl::desc("change the files where the cure is certain"), cl::cat(category));
cl::opt<Report::Format> format("format", cl::desc("text (default) or sarif"), cl::init(Report::Format::text),
                               cl::values(clEnumValN(Report::Format::text, "text", "as a compiler's warnings"),
                                          clEnumValN(Report::Format::sarif, "sarif", "SARIF 2.1.0")),
                               cl::cat(category));
cl::opt<cl::boolOrDefault> use_color("use-color", cl::desc("colours, or none; otherwise where somebody looks at them"),
                                     cl::cat(category));
cl::opt<bool> quiet("q", cl::desc("only the result, no summary"), cl::cat(category));
cl::alias quiet_long("quiet", cl::aliasopt(quiet), cl::desc("as -q"), cl::cat(category));
cl::opt<bool> list("list", cl::desc("what the checks find"), cl::cat(category));

constexpr std::string_view kOverview =
    "gordian lint: finds mistakes with goroutines, threads, locks and contexts in source code.\n\n"
    "  gordian lint -p build src/server.cc      compiled as build/compile_commands.json says\n"
    "  gordian lint server.cc -- -Iinclude      compiled with these options, C++20 if they name no other\n\n"
    "// NOLINT(gordian-NAME) on its line silences a finding, // NOLINTNEXTLINE(gordian-NAME) above it.\n\n"
    "Exit status: 0 no warnings, 1 warnings, 2 usage, 3 a file does not compile, 70 internal error.\n";

int complain(const std::string& what, int status) {
  llvm::errs() << "gordian lint: " << what << "\n";
  return status;
}

std::optional<Check> check_named(llvm::StringRef name) {
  name.consume_front("gordian-");
#define GORDIAN_CHECK(function, text, severity, what) \
  if (name == text) {                                 \
    return Check::function;                           \
  }
#include "instrument/lint/checks.def"
#undef GORDIAN_CHECK
  return std::nullopt;
}

std::set<Check> all_checks() {
  return {
#define GORDIAN_CHECK(function, name, severity, what) Check::function,
#include "instrument/lint/checks.def"
#undef GORDIAN_CHECK
  };
}

// The complaint if a name is unknown.
std::string choose(llvm::StringRef names, std::set<Check>& checks) {
  const bool all_but = names.starts_with("-");
  checks = all_but || names.empty() ? all_checks() : std::set<Check>();
  llvm::SmallVector<llvm::StringRef, 8> words;
  names.split(words, ',', -1, false);
  for (llvm::StringRef word : words) {
    word.consume_front("-");
    const auto check = check_named(word);
    if (!check) {
      return "there is no check '" + word.str() + "'; see gordian lint --list";
    }
    all_but ? static_cast<void>(checks.erase(*check)) : static_cast<void>(checks.insert(*check));
  }
  return "";
}

int list_checks() {
#define GORDIAN_CHECK(function, name, severity, what) \
  llvm::outs() << llvm::formatv("{0,-26} {1,-8} {2}\n", name, #severity, what);
#include "instrument/lint/checks.def"
#undef GORDIAN_CHECK
  return 0;
}

// From -p, from behind `--`, from a folder above the first file, or a guess, in this order.
std::unique_ptr<CompilationDatabase> find_commands(std::unique_ptr<CompilationDatabase> behind_dash,
                                                   std::string& complaint) {
  if (!build.empty()) {
    return CompilationDatabase::loadFromDirectory(build, complaint);
  }
  if (behind_dash != nullptr) {
    return behind_dash;
  }
  std::string not_found;
  auto above = CompilationDatabase::autoDetectFromSource(files.front(), not_found);
  return above != nullptr ? std::move(above)
                          : std::make_unique<clang::tooling::FixedCompilationDatabase>(".", std::vector<std::string>());
}

bool is_colored() {
  const char* no_color = std::getenv("NO_COLOR");
  const bool is_unwanted = no_color != nullptr && *no_color != '\0';
  return use_color == cl::BOU_UNSET ? !is_unwanted && llvm::sys::Process::StandardOutIsDisplayed()
                                    : use_color == cl::BOU_TRUE;
}

std::string counted(int count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

int finish(const Report& report, bool all_compiled) {
  if (format == Report::Format::sarif) {
    report.sarif().write(llvm::outs());
  }
  std::string complaint;
  const int fixed = fix ? report.apply_fixes(complaint) : 0;
  if (!complaint.empty()) {
    return complain(complaint, kInternal);
  }
  if (!quiet && report.warnings() + report.notes() > 0) {
    llvm::errs() << counted(report.warnings(), "warning") << ", " << counted(report.notes(), "note")
                 << (fixed > 0 ? ", " + std::to_string(fixed) + " fixed" : "") << "\n";
  }
  return !all_compiled ? kUnreadable : report.warnings() > 0 ? kFound : 0;
}

int run(int argc, const char** argv) {
  std::string complaint;
  auto behind_dash = clang::tooling::FixedCompilationDatabase::loadFromCommandLine(argc, argv, complaint);
  cl::HideUnrelatedOptions(category);
  llvm::raw_string_ostream said(complaint);
  if (!cl::ParseCommandLineOptions(argc, argv, kOverview, &said)) {
    return complain(said.str(), kUsage);
  }
  if (list) {
    return list_checks();
  }
  std::set<Check> checks;
  if (complaint = choose(chosen, checks); !complaint.empty()) {
    return complain(complaint, kUsage);
  }
  if (files.empty() && build.empty()) {
    return complain("no files; see gordian lint --help", kUsage);
  }
  const auto commands = find_commands(std::move(behind_dash), complaint);
  if (commands == nullptr) {
    return complain(complaint, kUsage);
  }
  Report report(format);
  const std::vector<std::string> wanted = files.empty() ? commands->getAllFiles() : files;
  const bool all_compiled = lint(*commands, wanted, checks, find_paths(), is_colored(), report);
  return finish(report, all_compiled);
}

}  // namespace

int main(int argc, const char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& exception) {
    return complain(std::string("internal error: ") + exception.what(), kInternal);
  }
}
