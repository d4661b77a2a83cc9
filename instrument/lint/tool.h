// SPDX-License-Identifier: Apache-2.0
// Runs the checks over source files as their build compiles them: command lines from compile_commands.json, or from
// behind `--`, made fit for a clang that only looks.
#pragma once

#include <clang/Tooling/CompilationDatabase.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "instrument/lint/check.h"
#include "instrument/lint/report.h"

namespace gordian::lint {

struct Paths {
  std::string resources;  // clang's own headers
  std::string headers;    // gordian/gordian.h; "" if the compiler finds it by itself
};

// Where they are, seen from this binary.
Paths find_paths();

// Adds what is found to the report. False if a file could not be compiled; what clang says about it is on stderr.
bool lint(const clang::tooling::CompilationDatabase& commands, const std::vector<std::string>& files,
          const std::set<Check>& checks, const Paths& paths, bool colored, Report& report);

}  // namespace gordian::lint
