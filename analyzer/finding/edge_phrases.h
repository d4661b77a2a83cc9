// SPDX-License-Identifier: Apache-2.0
// What the edges of a wait-for or lock-order graph say between their two ends, for the drawing and for the same graph
// told as text. Read along the arrows they make a sentence: "g7 waits for mutex b, held by g9".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::analysis {

// What an edge says between its two ends: "waits for", "held by", "can only be drained by", "980 times".
std::string edge_words(const WaitGraph& graph, const GraphEdge& edge);
// What the place of an edge is: "locked" of a held edge, "receives" of a channel that someone would drain; "" for none.
std::string_view place_words(const WaitGraph& graph, const GraphEdge& edge);
// What nobody does any more: "no goroutine left that sends".
std::string nobody_words(const WaitGraph& graph, const GraphEdge& edge_to_nobody);

// An edge as a clause with both its ends and without its place: "g9 waits for mutex a", "mutex a is held by g7",
// "select could send to channel out", "holding mutex a, g7 requests mutex b".
std::string sentence_of(const WaitGraph& graph, const GraphEdge& edge);

// Indices of the guilty edges in the order of their steps ("2a" before "2b" before "3a").
std::vector<std::size_t> guilty_steps(const WaitGraph& graph);

}  // namespace gordian::analysis
