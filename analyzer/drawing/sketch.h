// SPDX-License-Identifier: Apache-2.0
// A picture before Graphviz sees it: marks with rows of text, strokes between them, no colours, no markup, no layout. A
// finding becomes a sketch (wait_sketch, race_sketch), a sketch becomes a cgraph graph (compose). All text is raw here:
// whatever came from the program under test is escaped by compose only, and exactly once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::analysis::drawing {

// What a node is; compose.cc gives each its shape.
enum class Mark : std::uint8_t {
  goroutine,
  thread,
  pool,
  mutex,
  rwmutex,
  channel,
  select,
  wait_group,
  once,
  cond,
  semaphore,
  nobody,
  ghost,
  step,
  note,
};

// What an edge means; compose.cc gives each its line and its head.
enum class Stroke : std::uint8_t {
  waits,
  held,
  or_wait,
  wake,
  must_wake,
  nobody,
  order,
  gated_order,
  program_order,
  sync,
  rendezvous,
  race,
  ghost,
};

enum class RowStyle : std::uint8_t { small, name, code, big };

struct Row {
  RowStyle style = RowStyle::small;
  std::string text{};
};

struct Point {
  double x = 0, y = 0;  // points, y grows upwards as in Graphviz
};

struct SketchNode {
  std::string name{};  // from trace ids: "g7", "m3"; unique in the sketch
  Mark mark = Mark::goroutine;
  bool guilty = false;
  std::vector<Row> rows{};
  std::string badge{};  // of a note: what it says about its edge
  std::string tooltip{};
  Frame link{};  // where it was created or declared
  Point at{};    // only with a placed sketch
  double width = 0, height = 0;
};

struct SketchEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  Stroke stroke = Stroke::waits;
  bool guilty = false;
  bool folded = false;  // given to the layout backwards, drawn forwards
  std::string badge{};  // "1", "2b", "!"
  std::string words{};
  std::string place{};  // "locked account.cc:56"
  std::string tooltip{};
  Frame link{};
  std::uint64_t weight = 1;  // goroutines behind it
};

struct Sketch {
  std::string tag{};   // "D1"
  std::string kind{};  // "wait-for", "lock-order", "race": class of the graph
  std::string title{};
  std::vector<std::string> legend{};
  std::vector<SketchNode> nodes{};
  std::vector<SketchEdge> edges{};
  bool placed = false;  // coordinates are set; no layout engine moves anything
};

}  // namespace gordian::analysis::drawing
