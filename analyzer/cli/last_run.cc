// SPDX-License-Identifier: Apache-2.0
// The file is written beside its final place and renamed: a reader sees the old list or the new one.
#include "analyzer/cli/last_run.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

// Empty if the user has no home.
fs::path state_file() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') {
    return fs::path(state) / "gordian" / "last";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return fs::path(home) / ".local" / "state" / "gordian" / "last";
  }
  return {};
}

}  // namespace

void remember_last_run(const std::vector<std::string>& traces) {
  const fs::path file = state_file();
  if (file.empty()) {
    return;
  }
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  const fs::path draft = file.string() + "." + std::to_string(getpid());
  std::ofstream out(draft);
  for (const std::string& trace : traces) {
    out << fs::absolute(trace, error).string() << '\n';
  }
  out.close();
  if (out) {
    fs::rename(draft, file, error);
  } else {
    fs::remove(draft, error);
  }
}

Result<std::vector<std::string>> last_run() {
  std::vector<std::string> traces;
  std::ifstream in(state_file());
  for (std::string line; std::getline(in, line);) {
    traces.push_back(line);
  }
  if (traces.empty()) {
    return Error{ErrorKind::usage, "", "there is no last run to report", "start one with: gordian run -- PROGRAM"};
  }
  return traces;
}

}  // namespace gordian::cli
