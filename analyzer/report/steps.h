// SPDX-License-Identifier: Apache-2.0
// The lines that a finding's report is made of: the steps of its graph, a stack on one line, what an actor holds. Steps
// carry the numbers that the drawing shows as badges.
#pragma once

#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/report/page.h"

namespace gordian::analysis::report {

// "[D1.3] g9 waits for mutex a at account.cc:57 (2.1 s)  | a.lock();", in walking order.
std::vector<std::string> step_lines(const Finding& finding, const std::string& tag, Page& page);

// "increment counter.cc:12 < worker counter.cc:20 < ... 3 more": the user's own frames, at most four.
std::string stack_line(const Stack& stack);

// "holds nothing", "holds mutex a (locked account.cc:56) and RWMutex b for reading (locked account.cc:60)".
std::string holds_line(const ActorRef& actor);

// ", created at main counter.cc:30"; "" for main.
std::string creation_clause(const ActorRef& actor);

// "writes at counter.cc:14 and reads at counter.cc:20 (41 times)".
std::string pair_words(const RacePair& pair);

// "also: writes at ... and reads at ..., ... 3 more pairs", about the pairs after the first; "" if there are none.
std::string other_pairs_line(const std::vector<RacePair>& pairs);

// "reads at counter.cc:20".
std::string stand_in_words(const StandIn& left_out);

// "stands for: reads at ..., writes at ..., ... 3 more (not recorded, as nothing synchronises in between)"; "" if there
// are none.
std::string stand_ins_line(const std::vector<StandIn>& all);

}  // namespace gordian::analysis::report
