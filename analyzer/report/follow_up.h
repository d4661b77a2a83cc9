// SPDX-License-Identifier: Apache-2.0
// What a finding's lines say of the report it is in: its name, kind, tag and gist; which other one it may follow from;
// and the commands that say more about it.
#pragma once

#include <string>

#include "analyzer/report/page.h"

namespace gordian::analysis::report {

// "[G-4f2a91c0] data race R1 (write-write, observed): counter is written by both, and nothing orders the two, 311
// times".
std::string headline_of(const Finding& finding, const std::string& tag, const Page& page);

// "follows: one side had read what raced in R1 before; ..."; "" of a race that needs no other, and of other findings.
std::string cause_line(const Report& report, const Finding& finding);

// "gordian explain T ID | gordian graph T --finding ID -o R1.svg"; the graph only if there is one to draw.
std::string follow_up(const Report& report, const Finding& finding, const std::string& tag, const TextOptions& options);

}  // namespace gordian::analysis::report
