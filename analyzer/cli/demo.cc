// SPDX-License-Identifier: Apache-2.0
// gordian demo: the whole way, compiler to picture, on four small faulty programs. Each step is a command that a user
// could type; it is shown, and executed from beside this binary.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "analyzer/cli/command.h"
#include "analyzer/cli/exit_status.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr auto kDemoHelp =
    "Compiles four of the samples, runs each under `gordian run`, and draws what it found: a data race, a lock-order\n"
    "inversion, and two deadlocks. Leaves programs, traces, reports (JSON) and pictures (SVG) in the folder of -o.\n\n"
    "Exit status: 0, or 70 if something did not work as it should; `gordian doctor` may know why.";

constexpr const char* kSamples[] = {"01_counter", "02_lock_order", "03_all_asleep", "04_lock_and_channel"};

// An installation has them in share/, a build tree uses those of its source.
fs::path find_samples(const fs::path& root) {
  std::error_code ignored;
  const fs::path installed = root / "share" / "gordian" / "samples";
  return fs::exists(installed, ignored) ? installed : fs::path(GORDIAN_SOURCE_SAMPLES);
}

// What a sample's README calls it.
std::string title_of(const fs::path& sample) {
  std::ifstream readme(sample / "README.md");
  std::string line;
  std::getline(readme, line);
  return line.starts_with("# ") ? line.substr(2) : sample.filename().string();
}

// The exit status of `words`, run from `bin` with our own streams; nullopt if it cannot be started or was killed.
std::optional<int> execute(const fs::path& bin, const Words& words) {
  std::vector<char*> argv;
  for (const std::string& word : words) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  pid_t pid = 0;
  if (posix_spawn(&pid, (bin / words[0]).c_str(), nullptr, nullptr, argv.data(), environ) != 0) {
    return std::nullopt;
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) {
      return std::nullopt;
    }
  }
  return WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
}

class Demo {
 public:
  Demo(fs::path root, fs::path out, const Terminal& terminal)
      : bin_(root / "bin"), samples_(find_samples(root)), out_(std::move(out)), terminal_(terminal) {}

  bool show(const std::string& name) {
    const std::string program = (out_ / name).string();
    const std::string trace = program + ".gtrace";
    const std::string color = terminal_.colored() ? "--color=always" : "--color=never";
    std::printf("\n== %s: %s\n", name.c_str(), title_of(samples_ / name).c_str());
    // 66: the program ended well, and there are findings. 2: it died of the deadlock that is reported.
    return step({"gordian-clang++", "-std=c++20", "-O1", "-g", (samples_ / name / "main.cc").string(), "-o", program},
                {0}) &&
           step({"gordian", "run", "-q", color, "-o", trace, "--", program}, {66, 2}) &&
           step({"gordian", "analyze", "-q", trace, "--format=json", "-o", program + ".json"}, {kFound}) &&
           step({"gordian", "graph", "-q", trace, "-o", program + ".svg"}, {kNothingFound});
  }

  void name_files() const {
    for (const std::string ending : {".json", ".svg"}) {
      for (const char* name : kSamples) {
        std::printf("  %s%s\n", (out_ / name).c_str(), ending.c_str());
      }
    }
  }

 private:
  bool step(const Words& words, std::initializer_list<int> wanted) const {
    std::string shown = "$";
    for (const std::string& word : words) {
      shown += " " + word;
    }
    std::puts(shown.c_str());
    std::fflush(stdout);
    const auto status = execute(bin_, words);
    if (status && std::find(wanted.begin(), wanted.end(), *status) != wanted.end()) {
      return true;
    }
    terminal_.complain("demo: " + (status ? "status " + std::to_string(*status) : "no status") + " from: " + words[0] +
                       "; see `gordian doctor`");
    return false;
  }

  fs::path bin_, samples_, out_;
  const Terminal& terminal_;
};

int demo(const std::string& folder, const Invocation& invocation) {
  const auto start = std::chrono::steady_clock::now();
  std::error_code error;
  const fs::path root = fs::read_symlink("/proc/self/exe", error).parent_path().parent_path();
  fs::create_directories(folder, error);
  if (error) {
    invocation.terminal.complain("demo: cannot make the folder " + folder + ": " + error.message());
    return kInternal;
  }
  Demo demo(root, folder, invocation.terminal);
  if (!std::all_of(std::begin(kSamples), std::end(kSamples), [&](const char* name) { return demo.show(name); })) {
    return kInternal;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
  std::printf("\n== left in %s after %lld seconds\n", folder.c_str(), static_cast<long long>(seconds.count()));
  demo.name_files();
  return kNothingFound;
}

}  // namespace

void add_demo(CLI::App& app, Invocation& invocation) {
  auto folder = std::make_shared<std::string>("gordian-demo");
  CLI::App* command = app.add_subcommand("demo", "show it all in a minute");
  command->footer(kDemoHelp);
  command->add_option("-o,--output", *folder, "where to leave what is built and found")->type_name("FOLDER");
  command->callback([=, &invocation] { invocation.action = [=, &invocation] { return demo(*folder, invocation); }; });
}

}  // namespace gordian::cli
