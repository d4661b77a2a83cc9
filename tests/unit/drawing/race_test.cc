// SPDX-License-Identifier: Apache-2.0
// The two lanes of a race: what the DOT says before Graphviz sees it, and what stands in the SVG.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <regex>
#include <string>

#include "analyzer/drawing/draw.h"
#include "tests/unit/drawing/sample_findings.h"
#include "tests/unit/drawing/svg.h"

namespace gordian::analysis {
namespace {

using samples::Svg;

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

std::string drawn(const Finding& finding, drawing::Format format) {
  drawing::DrawOptions options;
  options.format = format;
  const auto drawing = drawing::draw(finding, options);
  EXPECT_TRUE(drawing) << drawing.error().what;
  return drawing ? drawing->bytes : "";
}

// Nodes by name, in points, as the DOT places them.
std::map<std::string, Box> boxes(const Finding& finding) {
  static const std::regex node(R"re(\n\t"?([a-z0-9-]+)"?\t\[([^;]*?)pos="(-?[0-9.]+),(-?[0-9.]+)!"([^;]*);)re");
  static const std::regex width(R"(\twidth=([0-9.]+))"), height(R"(\theight=([0-9.]+))");
  const std::string dot = std::regex_replace(drawn(finding, drawing::Format::dot), std::regex("&[a-z#0-9]+;"), "?");
  std::map<std::string, Box> boxes;
  for (std::sregex_iterator at(dot.begin(), dot.end(), node), end; at != end; ++at) {
    Box box{.x = std::stod((*at)[3]), .y = std::stod((*at)[4])};
    const std::string attributes = (*at)[2].str() + (*at)[5].str();
    std::smatch size;
    if (std::regex_search(attributes, size, width)) box.width = 72 * std::stod(size[1]);
    if (std::regex_search(attributes, size, height)) box.height = 72 * std::stod(size[1]);
    boxes[(*at)[1]] = box;
  }
  return boxes;
}

TEST(RaceLanes, TheTwoAccessesShareARow) {
  for (const Finding& race : {samples::race(), samples::race_with_parent(), samples::race_with_history()}) {
    auto at = boxes(race);
    ASSERT_TRUE(at.count("a-access") == 1 && at.count("b-access") == 1) << race.id;
    EXPECT_EQ(at["a-access"].y, at["b-access"].y) << race.id;
    EXPECT_LT(at["a-access"].x, at["b-access"].x) << race.id;
  }
}

TEST(RaceLanes, WhatComesLaterStandsLower) {
  const Finding race = samples::race_with_history();
  auto at = boxes(race);
  const auto name = [&](std::size_t side, std::size_t i) {
    const std::string event = i == 0 ? "start" : i == race.lanes[side].access ? "access" : "e" + std::to_string(i);
    return (side == 0 ? "a-" : "b-") + event;
  };
  for (std::size_t side = 0; side < 2; ++side) {
    for (std::size_t i = 1; i < race.lanes[side].events.size(); ++i) {
      ASSERT_EQ(at.count(name(side, i)), 1U) << name(side, i);
      EXPECT_GT(at[name(side, i - 1)].y, at[name(side, i)].y) << name(side, i);
    }
  }
  for (const LaneOrder& order : race.orders) {
    EXPECT_GT(at[name(order.from_lane, order.from)].y, at[name(1 - order.from_lane, order.to)].y);
  }
}

TEST(RaceLanes, AGapStandsBetweenItsNeighboursAndSaysHowMany) {
  const Finding race = samples::race_with_history();
  auto at = boxes(race);
  EXPECT_LT(at["a-hidden1"].y, at["a-e2"].y);
  EXPECT_GT(at["a-hidden1"].y, at["a-e3"].y);
  EXPECT_LT(at["b-hidden2"].y, at["b-e4"].y);
  const Svg svg = samples::parse_svg(drawn(race, drawing::Format::svg));
  ASSERT_NE(svg.by_id("R1-a-hidden1"), nullptr);
  EXPECT_TRUE(svg.by_id("R1-a-hidden1")->says("1,204 events hidden"));
  EXPECT_TRUE(svg.by_id("R1-b-hidden2")->says("1 event hidden"));
  EXPECT_EQ(samples::parse_svg(drawn(samples::race(), drawing::Format::svg)).with("node", "ghost").size(), 0U);
}

TEST(RaceLanes, NothingLiesOnAnythingElse) {
  Finding crowded = samples::race_with_history();
  crowded.lanes[0].events[2].hidden_before = 1;  // where the row above is its predecessor's
  crowded.lanes[1].hidden_after = 3;
  for (const Finding& race : {samples::race(), samples::race_with_parent(), samples::race_with_history(), crowded}) {
    const auto at = boxes(race);
    for (auto one = at.begin(); one != at.end(); ++one) {
      for (auto other = std::next(one); other != at.end(); ++other) {
        const Box& a = one->second;
        const Box& b = other->second;
        const bool is_label = a.width == 0 || b.width == 0;  // 30 points high, between the lanes
        const double height = is_label ? 30 : (a.height + b.height) / 2;
        const double width = a.width == 0 && b.width == 0 ? 100 : (a.width + b.width) / 2;
        EXPECT_TRUE(std::abs(a.x - b.x) >= width || std::abs(a.y - b.y) >= height)
            << one->first << " and " << other->first;
      }
    }
  }
}

TEST(RaceLanes, ArrowsSayWhyOneCameBeforeTheOther) {
  const Svg svg = samples::parse_svg(drawn(samples::race_with_history(), drawing::Format::svg));
  ASSERT_EQ(svg.error, "");
  EXPECT_EQ(svg.with("edge", "sync").size(), 3U);
  EXPECT_EQ(svg.with("edge", "race").size(), 1U);
  EXPECT_EQ(svg.with("edge", "po").size(), 12U);  // gaps included
  ASSERT_NE(svg.by_id("R1-order1"), nullptr);
  EXPECT_TRUE(svg.by_id("R1-order1")->says("unlock before lock"));
  EXPECT_TRUE(svg.by_id("R1-order1")->says("Stats::mu_"));
  EXPECT_TRUE(svg.by_id("R1-order2")->says("ordered through others"));
  EXPECT_TRUE(svg.by_id("R1-order3")->says("send before receive"));
  EXPECT_TRUE(svg.by_id("R1-order3")->says("done, message 17"));
  EXPECT_TRUE(svg.by_id("R1-missing")->says("no order either way"));
}

TEST(RaceLanes, ArrowsLeaveTheirLaneSideways) {
  const std::string dot = drawn(samples::race_with_history(), drawing::Format::dot);
  const auto count = [&](const std::string& text) {
    std::size_t found = 0;
    for (std::size_t at = dot.find(text); at != std::string::npos; at = dot.find(text, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("\":e -> \""), 3U);  // two orders and the race
  EXPECT_EQ(count("\":w -> \""), 1U);
  EXPECT_EQ(count("\":w\t["), 3U);
}

TEST(RaceLanes, ARendezvousHasTwoHeads) {
  Finding race = samples::race_with_history();
  race.lanes[0].events[5].rank = race.lanes[1].events[4].rank = 8;
  race.orders[2].both = true;
  auto at = boxes(race);
  EXPECT_EQ(at["a-e5"].y, at["b-e4"].y);
  const Svg svg = samples::parse_svg(drawn(race, drawing::Format::svg));
  EXPECT_TRUE(svg.by_id("R1-order3")->says("send meets receive"));
  EXPECT_NE(drawn(race, drawing::Format::dot).find("arrowtail=normal"), std::string::npos);
}

TEST(RaceLanes, TheEndOfTheMemoryStandsWhereTheAccessWould) {
  Finding race = samples::race_with_history();
  race.subkind = "race-with-free";
  race.actors[1].role = Role::frees;
  auto at = boxes(race);
  EXPECT_EQ(at["a-access"].y, at["b-access"].y);
  Svg svg = samples::parse_svg(drawn(race, drawing::Format::svg));
  ASSERT_EQ(svg.error, "");
  EXPECT_TRUE(svg.by_id("R1-a-access")->says("write Stats::last_"));
  EXPECT_TRUE(svg.by_id("R1-b-access")->says("free of Stats::last_"));
  EXPECT_TRUE(svg.by_id("R1-b-access")->is("guilty"));
  EXPECT_TRUE(svg.by_id("R1-missing")->says("no order either way"));
  race.subkind = "race-with-stack-reuse";
  race.actors[1].role = Role::ends;
  svg = samples::parse_svg(drawn(race, drawing::Format::svg));
  EXPECT_TRUE(svg.by_id("R1-b-access")->says("end of the stack with Stats::last_"));
}

TEST(RaceLanes, AThreadHasSquareCorners) {
  Finding race = samples::race_with_parent();
  race.actors[0].kind = ActorKind::thread;
  const Svg svg = samples::parse_svg(drawn(race, drawing::Format::svg));
  EXPECT_TRUE(svg.by_id("R1-a-start")->is("thread"));
  EXPECT_TRUE(svg.by_id("R1-b-start")->is("goroutine"));
}

}  // namespace
}  // namespace gordian::analysis
