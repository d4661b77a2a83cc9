// SPDX-License-Identifier: Apache-2.0
// What the drawing of a race shows, line by line: what each side did around its access, what put the two sides in an
// order, and which order is missing. The accesses carry the badge of the drawing.
#pragma once

#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/report/page.h"

namespace gordian::analysis::report {

// Of the lane of actor `side`, in its own order: "lock Stats::mu_ at stats.cc:12", "... 1,204 events hidden",
// "[R2.!] write Stats::last_ at stats.cc:27". Its beginning, which the actor itself tells, is left out.
std::vector<std::string> lane_lines(const Finding& race, std::size_t side, const std::string& tag, const Page& page);

// Across the lanes: "g7 unlock Stats::mu_ at stats.cc:15, before g8 lock Stats::mu_ at report.cc:36".
std::vector<std::string> order_lines(const Finding& race, const Page& page);

// "[R1.!] no order between g7, which writes at a.cc:3 and g8, which reads at a.cc:9".
std::string missing_order(const Finding& race, const std::string& tag, const Page& page);

}  // namespace gordian::analysis::report
