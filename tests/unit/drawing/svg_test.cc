// SPDX-License-Identifier: Apache-2.0
// What stands in the SVG, read back by an XML parser: every goroutine and resource of the finding, exactly the guilty
// edges marked, every step numbered as in the text report.
#include "tests/unit/drawing/svg.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/drawing/draw.h"
#include "analyzer/finding/phrases.h"
#include "tests/unit/drawing/sample_findings.h"

namespace gordian::analysis {
namespace {

using samples::parse_svg;
using samples::Svg;
using samples::SvgGroup;

Svg drawn(const Finding& finding) {
  const auto drawing = drawing::draw(finding, {});
  EXPECT_TRUE(drawing) << drawing.error().what;
  if (!drawing) return {};
  EXPECT_EQ(drawing->note, "");
  return parse_svg(drawing->bytes);
}

class EveryGraph : public testing::TestWithParam<Finding> {};

TEST_P(EveryGraph, ShowsEveryGuiltyThingAndMarksExactlyTheGuiltyEdges) {
  const Finding& finding = GetParam();
  const Svg svg = drawn(finding);
  ASSERT_EQ(svg.error, "");
  std::size_t guilty_nodes = 0;
  for (const GraphNode& node : finding.graph.nodes) guilty_nodes += node.guilty ? 1 : 0;
  std::size_t guilty_edges = 0;
  for (const GraphEdge& edge : finding.graph.edges) guilty_edges += edge.guilty ? 1 : 0;
  EXPECT_EQ(svg.with("node", "guilty").size(), guilty_nodes);
  EXPECT_EQ(svg.with("edge", "guilty").size(), guilty_edges);
}

TEST_P(EveryGraph, NumbersEachGuiltyEdgeWithItsStep) {
  const Finding& finding = GetParam();
  const Svg svg = drawn(finding);
  const std::string tag = tag_of({&finding, 1}, 0);
  for (const GraphEdge& edge : finding.graph.edges) {
    if (!edge.guilty) continue;
    const SvgGroup* drawn_edge = svg.by_id(tag + "-s" + edge.step);
    ASSERT_NE(drawn_edge, nullptr) << edge.step;
    EXPECT_TRUE(drawn_edge->is("guilty"));
    EXPECT_EQ(drawn_edge->texts.front(), edge.step);
    if (!edge.where.file.empty()) {
      EXPECT_TRUE(drawn_edge->says(place_of(edge.where)));
      EXPECT_EQ(drawn_edge->links.count("file://" + edge.where.file + "#L" + std::to_string(edge.where.line)), 1U);
    }
  }
}

// A white digit that sticks out of its box cannot be seen.
TEST_P(EveryGraph, BadgesHoldTheirDigits) {
  constexpr double kDigitHeight = 7.9;  // Arial bold, 11 points
  std::size_t badges = 0;
  for (const SvgGroup& group : drawn(GetParam()).groups) {
    for (const samples::SvgBadge& badge : group.badges) {
      ++badges;
      EXPECT_GE(badge.baseline - kDigitHeight, badge.top) << group.id;
      EXPECT_LE(badge.baseline, badge.bottom) << group.id;
    }
  }
  EXPECT_GT(badges, 0U);
}

TEST_P(EveryGraph, NamesEveryGoroutineAndObject) {
  const Finding& finding = GetParam();
  const Svg svg = drawn(finding);
  for (const GraphNode& node : finding.graph.nodes) {
    if (!node.guilty || node.kind == NodeKind::nobody || node.kind == NodeKind::select) continue;
    const std::string name = node.kind == NodeKind::actor ? function_of(node.actor) : bare_name_of(node.object);
    const auto nodes = svg.with("node", "guilty");
    EXPECT_TRUE(std::any_of(nodes.begin(), nodes.end(), [&](const SvgGroup& group) { return group.says(name); }))
        << name;
  }
}

TEST_P(EveryGraph, HasUniqueIdsAndNoAccidentalTooltip) {
  const Svg svg = drawn(GetParam());
  std::vector<std::string> ids = svg.ids;
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
  for (const SvgGroup& group : svg.groups) EXPECT_EQ(group.tooltips.count("<TABLE>"), 0U) << group.id;
}

std::vector<Finding> findings_with_graphs() {
  std::vector<Finding> findings = samples::all();
  std::erase_if(findings, [](const Finding& finding) { return finding.graph.nodes.empty(); });
  return findings;
}

INSTANTIATE_TEST_SUITE_P(Samples, EveryGraph, testing::ValuesIn(findings_with_graphs()),
                         [](const auto& info) { return info.param.id.substr(2) + "_" + std::to_string(info.index); });

TEST(Svg, ShapesAndClassesSayWhatIsDrawn) {
  const Svg mixed = drawn(samples::mixed());
  EXPECT_EQ(mixed.with("node", "goroutine").size(), 2U);
  EXPECT_EQ(mixed.with("node", "chan").size(), 1U);
  EXPECT_EQ(mixed.with("node", "rwmutex").size(), 1U);
  ASSERT_EQ(mixed.with("node", "pool").size(), 1U);
  EXPECT_TRUE(mixed.with("node", "pool").front().says("× 3"));
  EXPECT_FALSE(mixed.with("node", "pool").front().is("guilty"));
  EXPECT_TRUE(mixed.with("node", "chan").front().says("channel · 4/4 full"));
  EXPECT_TRUE(mixed.with("node", "chan").front().says("■■■■"));

  const Svg asleep = drawn(samples::all_asleep());
  EXPECT_TRUE(asleep.with("node", "waitgroup").front().says("wg · counter 1"));
  EXPECT_TRUE(asleep.with("node", "nobody").front().says("no goroutine left that receives"));
}

TEST(Svg, OneNobodyPerNeed) {
  Finding finding = samples::stuck_select();
  // Even if the finding shares one node for both needs.
  const auto is_nobody = [&](std::uint32_t node) { return finding.graph.nodes[node].kind == NodeKind::nobody; };
  const auto first = std::find_if(finding.graph.edges.begin(), finding.graph.edges.end(),
                                  [&](const GraphEdge& edge) { return is_nobody(edge.to); });
  for (GraphEdge& edge : finding.graph.edges) {
    if (is_nobody(edge.to)) edge.to = first->to;
  }
  EXPECT_EQ(drawn(finding).with("node", "nobody").size(), 2U);
}

TEST(Svg, TitleSaysKindTagGistAndCertainty) {
  const Svg svg = drawn(samples::ab_ba());
  const SvgGroup* graph = svg.by_id("D1");
  ASSERT_NE(graph, nullptr);
  EXPECT_TRUE(graph->says("Deadlock D1 · 2 goroutines wait for each other for ever (observed) · 4 others not drawn"));
  EXPECT_TRUE(graph->says("number n: step [D1.n] in the text report"));
}

TEST(Svg, ARaceHasTwoLanesAndTheMissingOrder) {
  const Svg svg = drawn(samples::race_with_parent());
  EXPECT_EQ(svg.with("node", "goroutine").size(), 2U);
  EXPECT_EQ(svg.with("node", "guilty").size(), 2U);
  ASSERT_EQ(svg.with("edge", "race").size(), 1U);
  EXPECT_TRUE(svg.with("edge", "race").front().is("guilty"));
  EXPECT_EQ(svg.with("edge", "sync").size(), 1U);  // the go statement
  ASSERT_NE(svg.by_id("R1-b-e2"), nullptr);
  EXPECT_TRUE(svg.by_id("R1-b-e2")->says("lock Stats::mu_"));
  EXPECT_TRUE(svg.by_id("R1-order1")->says("go before first step"));
  EXPECT_TRUE(svg.by_id("R1-missing")->says("no order either way"));
}

TEST(Svg, FollowsTheReadersTheme) {
  const auto automatic = drawing::draw(samples::ab_ba(), {});
  ASSERT_TRUE(automatic);
  EXPECT_NE(automatic->bytes.find("prefers-color-scheme:dark"), std::string::npos);
  drawing::DrawOptions options;
  options.theme = drawing::Theme::light;
  const auto light = drawing::draw(samples::ab_ba(), options);
  ASSERT_TRUE(light);
  EXPECT_EQ(light->bytes.find("prefers-color-scheme"), std::string::npos);
  EXPECT_EQ(light->bytes.find("#0d1117"), std::string::npos);
  options.theme = drawing::Theme::dark;
  const auto dark = drawing::draw(samples::ab_ba(), options);
  ASSERT_TRUE(dark);
  EXPECT_NE(dark->bytes.find("#0d1117"), std::string::npos);
}

}  // namespace
}  // namespace gordian::analysis
