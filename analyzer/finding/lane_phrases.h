// SPDX-License-Identifier: Apache-2.0
// What the events of a race's lanes are called, and what put two of them in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::analysis {

std::string_view word_of(Act act);  // "send to"

// An event of lane `side`: "lock Stats::mu_", "go g7", "write counter" for the access.
std::string event_words(const Finding& race, std::size_t side, const LaneEvent& event);

// Why one came before the other: "unlock before lock", "send meets receive", "ordered through others".
std::string order_words(const Finding& race, const LaneOrder& order);
// On what: "Stats::mu_", "done, message 17"; "" if that says itself.
std::string order_object(const Finding& race, const LaneOrder& order);

std::string hidden_words(std::uint64_t events);  // "1,204 events hidden"

}  // namespace gordian::analysis
