// SPDX-License-Identifier: Apache-2.0
// Which traces the last `gordian run` or `record` left, so that `gordian report` finds them. One small file per user,
// $XDG_STATE_HOME/gordian/last (default ~/.local/state/gordian/last): an absolute path per line, replaced as a whole.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/result.h"

namespace gordian::cli {

// Best effort: a read-only home does not spoil a run.
void remember_last_run(const std::vector<std::string>& traces);

// Error: nothing was ever run.
Result<std::vector<std::string>> last_run();

}  // namespace gordian::cli
