// SPDX-License-Identifier: Apache-2.0
// From where on waiting is a finding, and how much memory accesses are remembered in: the options of all commands that
// analyse. The same limits give the same findings, so `explain` and `graph` take them as well.
#pragma once

#include <CLI/CLI.hpp>

#include "analyzer/cli/command.h"

namespace gordian::cli {

void add_limits(CLI::App& command, Invocation& invocation);

}  // namespace gordian::cli
