// SPDX-License-Identifier: Apache-2.0
// Names, files and functions of the program under test are data: nothing in them becomes markup, script, link or
// escape.
#include <gtest/gtest.h>

#include "analyzer/drawing/draw.h"
#include "analyzer/drawing/escape.h"
#include "analyzer/finding/utf8.h"
#include "tests/unit/drawing/sample_findings.h"
#include "tests/unit/drawing/svg.h"

namespace gordian::analysis {
namespace {

using namespace std::string_literals;
using samples::Svg;
using samples::SvgGroup;

const std::string kHostile[] = {
    "<script>alert(1)</script>",
    "\"quoted\" 'and' &amp; &lt;escaped&gt; &#92;N",
    "\\N \\G \\E \\n \\\\N trailing\\",
    "]]> --> <!-- <TABLE><TR></TABLE>",
    "bell\x07 escape\x1b[31m nul\0 delete\x7f"s,
    "latin-1 \xe9\xff, cut \xe2\x82, overlong \xc0\xaf, surrogate \xed\xa0\x80, not a character \xef\xbf\xbe",
    "%s %n ${x} {a|b}",
    "",
};

void rename_all(Finding& finding, const std::string& name) {
  const std::string file = "/tmp/" + name + "\"><script>.cc";
  for (GraphNode& node : finding.graph.nodes) {
    node.object.name = name;
    node.actor.name = name;
    node.object.declared.file = file;
    for (Frame& frame : node.actor.stack) frame.function = name;
    for (Frame& frame : node.actor.created) frame.file = file;
  }
  for (GraphEdge& edge : finding.graph.edges) edge.where.file = file;
  for (ActorRef& actor : finding.actors) {
    actor.name = name;
    for (Frame& frame : actor.stack)
      frame = {.function = name, .file = file, .line = 1, .column = 0, .internal = false};
  }
  for (Lane& lane : finding.lanes) {
    for (LaneEvent& event : lane.events) {
      event.object.name = name;
      event.where.file = file;
    }
  }
  finding.object.name = name;
}

// What a reader sees of a raw name: repaired, the guard after backslashes taken out.
std::string visible(std::string text) {
  constexpr std::string_view kGuard = "\xE2\x81\xA0";
  for (std::size_t at; (at = text.find(kGuard)) != std::string::npos;) text.erase(at, kGuard.size());
  return text;
}

class HostileNames : public testing::TestWithParam<std::string> {};

TEST_P(HostileNames, StayTextInEveryKindOfDrawing) {
  for (Finding finding :
       {samples::ab_ba(), samples::stuck_select(), samples::lock_order_of_3(), samples::race_with_history()}) {
    rename_all(finding, GetParam());
    const auto drawing = drawing::draw(finding, {});
    ASSERT_TRUE(drawing) << drawing.error().what;
    ASSERT_EQ(drawing->note, "");
    const Svg svg = samples::parse_svg(drawing->bytes);
    ASSERT_EQ(svg.error, "") << finding.id;
    EXPECT_EQ(svg.elements.count("script"), 0U);
    EXPECT_EQ(svg.elements, (std::set<std::string>{"svg", "style", "g", "title", "a", "text", "path", "polygon"}))
        << "more elements than a drawing is made of";
    for (const std::string& attribute : svg.attributes) EXPECT_NE(attribute.substr(0, 2), "on") << attribute;
    for (const SvgGroup& group : svg.groups) {
      for (const std::string& link : group.links) {
        EXPECT_TRUE(link.empty() || link.substr(0, 8) == "file:///") << link;
        EXPECT_EQ(link.find_first_of("<>\"'& \\"), std::string::npos) << link;
      }
    }
  }
}

TEST_P(HostileNames, AreReadableAsTheyWere) {
  if (GetParam().empty()) return;
  Finding finding = samples::ab_ba();
  rename_all(finding, GetParam());
  const auto drawing = drawing::draw(finding, {});
  ASSERT_TRUE(drawing);
  const Svg svg = samples::parse_svg(drawing->bytes);
  const SvgGroup* mutex = svg.by_id("D1-m3");
  ASSERT_NE(mutex, nullptr);
  ASSERT_GE(mutex->texts.size(), 2U);
  EXPECT_EQ(visible(mutex->texts[1]), visible(drawing::shortened(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Names, HostileNames, testing::ValuesIn(kHostile));

TEST(Utf8, RepairsEachBadByteAndKeepsTheRest) {
  EXPECT_EQ(utf8_repaired("plain Söhne 日本 🙂"), "plain Söhne 日本 🙂");
  EXPECT_EQ(utf8_repaired("a\xff"
                          "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(utf8_repaired("\xc0\xaf"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(utf8_repaired("\xed\xa0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(utf8_repaired("\x1b[0m\n\t"), "\xEF\xBF\xBD[0m  ");
  EXPECT_EQ(utf8_length("日本"), 2U);
  EXPECT_EQ(utf8_offset("日本", 1), 3U);
}

TEST(Escape, LinksArePercentEncodedAndOnlyForAbsoluteFiles) {
  Frame frame;
  frame.file = "/a b/ü\"<&>'#?.cc";
  frame.line = 57;
  EXPECT_EQ(drawing::link_to(frame), "file:///a%20b/%C3%BC%22%3C%26%3E%27%23%3F.cc#L57");
  frame.file = "javascript:alert(1)";
  EXPECT_EQ(drawing::link_to(frame), "");
  frame.file = "";
  EXPECT_EQ(drawing::link_to(frame), "");
}

TEST(Escape, LongNamesLoseTheirMiddleAndKeepTheLastComponent) {
  EXPECT_EQ(drawing::shortened("short"), "short");
  const std::string cut = drawing::shortened("very::long::namespace::with<many, template, arguments>::Type::method");
  EXPECT_EQ(utf8_length(cut), 44U);
  EXPECT_TRUE(cut.ends_with("::method")) << cut;
  EXPECT_TRUE(cut.starts_with("very::long::")) << cut;
  EXPECT_EQ(utf8_length(drawing::shortened(std::string(300, 'x'))), 44U);
  EXPECT_EQ(utf8_length(drawing::shortened("a::" + std::string(300, 'x'))), 44U);
}

}  // namespace
}  // namespace gordian::analysis
