// SPDX-License-Identifier: Apache-2.0
// What a drawing leaves out so that it stays readable, and the words that say so. Guilty nodes and edges are never
// hidden, except in the middle of a ring that is longer than a page.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "analyzer/drawing/sketch.h"

namespace gordian::analysis::drawing {

// Goroutines drawn as one: same place of creation, same stack, same target.
struct Group {
  ActorId first{};
  ActorId last{};
  std::uint64_t least_waited_ns = 0;
  std::uint64_t most_waited_ns = 0;
};

struct Trimmed {
  WaitGraph graph{};
  std::map<std::uint32_t, Group> groups{};  // by node of the graph
  std::string left_out{};                   // for the title: " · 12 nodes not drawn"; or ""
};

// Collapses equal innocent waiters from 3 up, then cuts innocent nodes beyond 1,000.
Trimmed trimmed_graph(const WaitGraph& graph);

// Keeps 6 steps at each end of a ring of more than 40 and a ghost between them.
void shorten_ring(Sketch& sketch);

}  // namespace gordian::analysis::drawing
