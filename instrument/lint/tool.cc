// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/tool.h"

#include <clang/AST/ASTConsumer.h>
#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendAction.h>
#include <clang/Frontend/TextDiagnosticPrinter.h>
#include <clang/Tooling/Tooling.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <filesystem>

#include "instrument/lint/unit.h"

namespace gordian::lint {
namespace {

using namespace clang;
using Words = std::vector<std::string>;

struct Job {
  const std::set<Check>& checks;
  Report& report;
};

class Consumer : public ASTConsumer {
 public:
  explicit Consumer(Job job) : job_(job) {}

  void HandleTranslationUnit(ASTContext& ast) override {
    if (ast.getDiagnostics().hasErrorOccurred()) {
      return;  // half a program supports no conclusion
    }
    Unit unit(ast);
    Findings findings;
    for (Body& body : unit.bodies()) {
      look_at(body, findings);
    }
    job_.report.add(ast, std::move(findings));
  }

 private:
  void look_at(Body& body, Findings& findings) const {
#define GORDIAN_CHECK(function, name, severity, what) \
  if (job_.checks.contains(Check::function)) {        \
    function(body, findings);                         \
  }
#include "instrument/lint/checks.def"
#undef GORDIAN_CHECK
  }

  const Job job_;
};

class Action : public ASTFrontendAction {
 public:
  explicit Action(Job job) : job_(job) {}

 protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& /*compiler*/, llvm::StringRef /*file*/) override {
    return std::make_unique<Consumer>(job_);
  }

 private:
  const Job job_;
};

class Factory : public tooling::FrontendActionFactory {
 public:
  explicit Factory(Job job) : job_(job) {}
  std::unique_ptr<FrontendAction> create() override { return std::make_unique<Action>(job_); }

 private:
  const Job job_;
};

// Findings are the result and go to stdout; what clang itself complains about goes to stderr.
class Streams : public DiagnosticConsumer {
 public:
  explicit Streams(DiagnosticOptions* options) : findings_(llvm::outs(), options), complaints_(llvm::errs(), options) {}

  void BeginSourceFile(const LangOptions& language, const Preprocessor* preprocessor) override {
    findings_.BeginSourceFile(language, preprocessor);
    complaints_.BeginSourceFile(language, preprocessor);
  }
  void EndSourceFile() override {
    findings_.EndSourceFile();
    complaints_.EndSourceFile();
  }
  void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic& said) override {
    DiagnosticConsumer::HandleDiagnostic(level, said);
    const bool is_ours = said.getID() >= diag::DIAG_UPPER_LIMIT;
    (is_ours ? findings_ : complaints_).HandleDiagnostic(level, said);
  }

 private:
  TextDiagnosticPrinter findings_;
  TextDiagnosticPrinter complaints_;
};

bool is_wrapper(llvm::StringRef compiler) { return llvm::sys::path::filename(compiler).starts_with("gordian-"); }

// Warnings are the compiler's business. A sanitizer's flag may need a runtime's headers, and the pass is not loaded.
bool is_left_out(llvm::StringRef word) {
  return (word.starts_with("-W") && !word.starts_with("-Wp,")) || word == "-w" || word.starts_with("-pedantic") ||
         word.starts_with("-fpass-plugin=") || word.starts_with("-fplugin=");
}

bool says_standard(const Words& words) {
  return std::any_of(words.begin(), words.end(), [](llvm::StringRef word) { return word.starts_with("-std="); });
}

// The words of a compilation, for looking only.
Words looking_command(const Words& words, const Paths& paths) {
  Words command;
  std::copy_if(words.begin(), words.end(), std::back_inserter(command),
               [](const std::string& word) { return !is_left_out(word); });
  // Without a database there is no compiler to ask: the language is what Gordian needs.
  const bool is_guess = words.empty() || llvm::sys::path::filename(words.front()) == "clang-tool";
  const std::string file = words.empty() ? "" : words.back();
  Words more{"-resource-dir=" + paths.resources, "-Wno-everything", "-fno-caret-diagnostics"};
  if (is_guess && !says_standard(words) && !llvm::StringRef(file).ends_with(".c")) {
    more.push_back("-std=c++20");
  }
  if ((is_guess || is_wrapper(words.front())) && !paths.headers.empty()) {
    more.push_back("-isystem" + paths.headers);
  }
  if (is_guess || is_wrapper(words.front())) {
    more.insert(more.end(), {"-D__GORDIAN__=1", "-pthread"});
  }
  command.insert(command.begin() + std::min<std::ptrdiff_t>(1, std::ssize(command)), more.begin(), more.end());
  return command;
}

}  // namespace

Paths find_paths() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path root = fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path();
  const bool is_installed = fs::exists(root / "include" / "gordian" / "gordian.h", ignored);
  // Naming a default folder again would move it in front of the C++ library's, whose headers must come first.
  const bool is_default = root == "/usr" || root == "/usr/local";
  return {GORDIAN_CLANG_RESOURCES, !is_installed ? GORDIAN_SOURCE_INCLUDE
                                   : is_default  ? ""
                                                 : (root / "include").string()};
}

bool lint(const tooling::CompilationDatabase& commands, const std::vector<std::string>& files,
          const std::set<Check>& checks, const Paths& paths, bool colored, Report& report) {
  llvm::IntrusiveRefCntPtr<DiagnosticOptions> options(new DiagnosticOptions);
  options->ShowColors = colored ? 1 : 0;
  options->AbsolutePath = 1;
  Streams streams(options.get());
  Factory factory({checks, report});
  bool all_compiled = true;
  for (const std::string& file : files) {  // one tool each: a tool of many says which one it is at
    tooling::ClangTool tool(commands, {file});
    tool.appendArgumentsAdjuster(
        [&paths](const Words& words, llvm::StringRef) { return looking_command(words, paths); });
    tool.setPrintErrorMessage(false);
    tool.setDiagnosticConsumer(&streams);
    all_compiled = tool.run(&factory) == 0 && all_compiled;
  }
  return all_compiled;
}

}  // namespace gordian::lint
