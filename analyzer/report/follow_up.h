// SPDX-License-Identifier: Apache-2.0
// The first and the last line of a finding: its name, kind, tag and gist; and the commands that say more about it.
#pragma once

#include <string>

#include "analyzer/report/page.h"

namespace gordian::analysis::report {

// "[G-4f2a91c0] data race R1 (write-write, observed): counter is written by both, and nothing orders the two, 311
// times".
std::string headline_of(const Finding& finding, const std::string& tag, const Page& page);

// "gordian explain T ID | gordian graph T --finding ID -o R1.svg"; the graph only if there is one to draw.
std::string follow_up(const Report& report, const Finding& finding, const std::string& tag, const TextOptions& options);

}  // namespace gordian::analysis::report
