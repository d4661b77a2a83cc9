// SPDX-License-Identifier: Apache-2.0
// The entrance: formats, deadlines, several findings, threads, and that the same findings give the same bytes in any
// order.
#include "analyzer/drawing/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

#include "tests/unit/drawing/sample_findings.h"
#include "tests/unit/drawing/svg.h"

namespace gordian::analysis {
namespace {

using drawing::DrawOptions;
using drawing::Format;
using samples::parse_svg;
using samples::Svg;

std::string bytes_of(const Finding& finding, Format format) {
  DrawOptions options;
  options.format = format;
  const auto drawing = drawing::draw(finding, options);
  EXPECT_TRUE(drawing) << drawing.error().what;
  return drawing ? drawing->bytes : "";
}

// The same graph with its nodes and edges in another order.
Finding shuffled(Finding finding, unsigned seed) {
  std::mt19937 random(seed);
  WaitGraph& graph = finding.graph;
  std::vector<std::uint32_t> place(graph.nodes.size());
  for (std::uint32_t i = 0; i < place.size(); ++i) place[i] = i;
  std::shuffle(place.begin(), place.end(), random);
  std::vector<GraphNode> nodes(graph.nodes.size());
  for (std::uint32_t i = 0; i < place.size(); ++i) nodes[place[i]] = graph.nodes[i];
  graph.nodes = std::move(nodes);
  for (GraphEdge& edge : graph.edges) {
    edge.from = place[edge.from];
    edge.to = place[edge.to];
  }
  std::shuffle(graph.edges.begin(), graph.edges.end(), random);
  return finding;
}

TEST(FormatOf, GoesByTheExtension) {
  EXPECT_EQ(drawing::format_of("a.svg"), Format::svg);
  EXPECT_EQ(drawing::format_of("dir.x/a.PNG"), Format::png);
  EXPECT_EQ(drawing::format_of("a.b.pdf"), Format::pdf);
  EXPECT_EQ(drawing::format_of("a.gv"), Format::dot);
  EXPECT_EQ(drawing::format_of("a.jpeg"), std::nullopt);
  EXPECT_EQ(drawing::format_of("svg"), std::nullopt);
}

TEST(Draw, WritesEveryFormat) {
  const Finding finding = samples::ab_ba();
  EXPECT_EQ(bytes_of(finding, Format::svg).substr(0, 5), "<?xml");
  EXPECT_EQ(bytes_of(finding, Format::png).substr(1, 3), "PNG");
  EXPECT_EQ(bytes_of(finding, Format::pdf).substr(0, 5), "%PDF-");
  EXPECT_EQ(bytes_of(finding, Format::dot).substr(0, 8), "digraph ");
}

TEST(Draw, FallsBackToDotTextAtTheDeadline) {
  DrawOptions options;
  options.deadline = std::chrono::milliseconds(0);
  const auto drawing = drawing::draw(samples::ab_ba(), options);
  ASSERT_TRUE(drawing);
  EXPECT_EQ(drawing->format, Format::dot);
  EXPECT_EQ(drawing->bytes, bytes_of(samples::ab_ba(), Format::dot));
  EXPECT_NE(drawing->note.find("did not end in time"), std::string::npos);
}

TEST(Draw, SaysSoWhenThereIsNothingToDraw) {
  const auto drawing = drawing::draw(samples::double_close(), {});
  ASSERT_FALSE(drawing);
  EXPECT_EQ(drawing.error().kind, ErrorKind::usage);
  EXPECT_EQ(drawing.error().where, samples::double_close().id);
}

TEST(Draw, SameFindingSameBytesInAnyOrder) {
  for (const Finding& finding : samples::all()) {
    if (finding.graph.nodes.empty()) continue;
    const std::string dot = bytes_of(finding, Format::dot);
    for (unsigned seed = 1; seed <= 5; ++seed) {
      EXPECT_EQ(bytes_of(shuffled(finding, seed), Format::dot), dot) << finding.id << " seed " << seed;
    }
  }
  EXPECT_EQ(bytes_of(samples::stuck_select(), Format::svg),
            bytes_of(shuffled(samples::stuck_select(), 7), Format::svg));
}

TEST(Draw, TakesTurnsAmongThreads) {
  const std::string expected = bytes_of(samples::mixed(), Format::svg);
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  for (std::string& result : results) {
    threads.emplace_back([&result] { result = bytes_of(samples::mixed(), Format::svg); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& result : results) EXPECT_EQ(result, expected);
}

TEST(Draw, ALockThatFollowsItselfIsALoop) {
  Finding order = samples::lock_order();
  order.graph.nodes.resize(1);
  order.graph.edges.resize(1);
  order.graph.edges[0].to = 0;
  const auto drawing = drawing::draw(order, {});
  ASSERT_TRUE(drawing) << drawing.error().what;
  const Svg svg = parse_svg(drawing->bytes);
  ASSERT_NE(svg.by_id("L1-s1"), nullptr);
  EXPECT_TRUE(svg.by_id("L1-s1")->says("980 times"));
}

TEST(Draw, CollapsesEqualWaitersAndDrawsLargeFindingsInTime) {
  const auto drawing = drawing::draw(samples::pool(2900), {});
  ASSERT_TRUE(drawing);
  ASSERT_EQ(drawing->note, "");
  const Svg svg = parse_svg(drawing->bytes);
  EXPECT_EQ(svg.with("node").size(), 3U);
  EXPECT_TRUE(svg.with("node", "pool").front().says("× 2,900"));
  EXPECT_TRUE(svg.with("node", "pool").front().says("g20 … g2919"));
}

TEST(Draw, ShortensARingThatIsLongerThanAPage) {
  const auto drawing = drawing::draw(samples::dining(30), {});
  ASSERT_TRUE(drawing);
  const Svg svg = parse_svg(drawing->bytes);
  ASSERT_EQ(svg.error, "");
  ASSERT_EQ(svg.with("node", "ghost").size(), 1U);
  EXPECT_TRUE(svg.with("node", "ghost").front().says("... 48 more steps, [D1.7] - [D1.54]"));
  EXPECT_NE(svg.by_id("D1-s6"), nullptr);
  EXPECT_EQ(svg.by_id("D1-s7"), nullptr);
  EXPECT_EQ(svg.by_id("D1-s54"), nullptr);
  EXPECT_NE(svg.by_id("D1-s55"), nullptr);
}

TEST(DrawSeveral, MakesOneClusterEachWithTagsInTheBadges) {
  const std::vector<Finding> findings{samples::ab_ba(), samples::mixed(), samples::lock_order(),
                                      samples::double_close()};
  const auto drawing = drawing::draw(std::span<const Finding>(findings), {});
  ASSERT_TRUE(drawing) << drawing.error().what;
  const Svg svg = parse_svg(drawing->bytes);
  ASSERT_EQ(svg.error, "");
  EXPECT_EQ(svg.with("cluster").size(), 3U);
  for (const char* id : {"D1-g7", "D2-g12", "L1-m3", "D1-s3", "D2-s4", "L1-s2"}) {
    EXPECT_NE(svg.by_id(id), nullptr) << id;
  }
  const samples::SvgGroup* label = svg.by_id("D1-s3-label");
  ASSERT_NE(label, nullptr);
  EXPECT_TRUE(label->says("D1.3"));
  EXPECT_TRUE(label->says("waits for"));
}

TEST(DrawSeveral, RacesStandUnderEachOther) {
  const std::vector<Finding> findings{samples::race(), samples::race_with_parent()};
  const auto drawing = drawing::draw(std::span<const Finding>(findings), {});
  ASSERT_TRUE(drawing) << drawing.error().what;
  EXPECT_EQ(drawing->note, "");
  const Svg svg = parse_svg(drawing->bytes);
  EXPECT_EQ(svg.with("edge", "race").size(), 2U);
  ASSERT_NE(svg.by_id("R2-title"), nullptr);
  EXPECT_TRUE(svg.by_id("R2-title")->says("Data race R2"));
}

TEST(DrawSeveral, SaysThatRacesAreLeftOutOfAnOverview) {
  const std::vector<Finding> findings{samples::race(), samples::ab_ba()};
  const auto drawing = drawing::draw(std::span<const Finding>(findings), {});
  ASSERT_TRUE(drawing) << drawing.error().what;
  EXPECT_NE(drawing->note.find("not in this drawing"), std::string::npos);
  EXPECT_NE(parse_svg(drawing->bytes).by_id("D1-g7"), nullptr);
  EXPECT_EQ(parse_svg(drawing->bytes).by_id("R1-a-start"), nullptr);
}

}  // namespace
}  // namespace gordian::analysis
