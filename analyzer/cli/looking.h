// SPDX-License-Identifier: Apache-2.0
// What `analyze` and `report` share: analyse traces, print the findings, answer with a status like grep's.
#pragma once

#include <string>
#include <vector>

#include "analyzer/cli/present.h"

namespace gordian::cli {

int look_at(const std::vector<std::string>& traces, const Presentation& presentation,
            const std::vector<std::string>& fail_on, const Invocation& invocation);

}  // namespace gordian::cli
