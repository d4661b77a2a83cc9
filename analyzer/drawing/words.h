// SPDX-License-Identifier: Apache-2.0
// What stands in and beside the marks of a drawing: rows, tooltips, title, legend. Short in the picture, whole in the
// tooltip.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/drawing/sketch.h"
#include "analyzer/drawing/trim.h"

namespace gordian::analysis::drawing {

std::vector<Row> actor_rows(const ActorRef& actor);
// Many that are drawn as one; without a group (the finding itself says how many) no ids and times are known.
std::vector<Row> pool_rows(const ActorRef& actor, std::uint32_t count, const Group* group);
std::vector<Row> object_rows(const ObjectRef& object);
// Where it was declared, else where it was made; file empty if unknown.
Frame origin_of(const ObjectRef& object);
Frame origin_of(const ActorRef& actor);

std::string actor_tooltip(const ActorRef& actor);
std::string object_tooltip(const ObjectRef& object);
std::string edge_tooltip(const WaitGraph& graph, const GraphEdge& edge, const std::string& tag);

// "Deadlock D1 · 2 goroutines wait for each other for ever (observed)", with what was left out.
std::string title_of(const Finding& finding, const std::string& tag);
// One or two lines that name only the marks that this sketch uses.
std::vector<std::string> legend_of(const Sketch& sketch);

}  // namespace gordian::analysis::drawing
