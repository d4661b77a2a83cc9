// SPDX-License-Identifier: Apache-2.0
// What `run` and `record` share: the options of a recording, starting the program, and telling what happened to it.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/cli/command.h"
#include "analyzer/launch/session.h"

namespace gordian::cli {

struct Recording {
  analysis::RunOptions options;
  std::vector<std::string> program;  // without `--`: the first word that is not ours, and all after it
};

void add_recording(CLI::App& command, Recording& recording);

// Runs the program, remembers its traces, and says where they are, or that nothing was instrumented and how to build
// it. No value: nothing ran, the complaint is made, and `status` says with which status to exit.
std::optional<analysis::RunOutcome> record(const Recording& recording, const Invocation& invocation, int& status);

}  // namespace gordian::cli
