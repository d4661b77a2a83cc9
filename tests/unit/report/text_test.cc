// SPDX-License-Identifier: Apache-2.0
// The text report: whole findings against files beside this test, the 15-line limit over every shape, colours, hostile
// names. GORDIAN_UPDATE_GOLDEN=1 rewrites the files.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "analyzer/report/report.h"
#include "tests/unit/drawing/sample_findings.h"

namespace gordian::analysis {
namespace {

using report::Report;
using report::TextOptions;

constexpr std::ptrdiff_t kMostLines = 14;

Report report_of(std::vector<Finding> findings) {
  Report report;
  report.findings = std::move(findings);
  report.trace.path = "bank.4711.gtrace";
  report.trace.events = 8123;
  report.trace.accesses = 1204;
  report.trace.goroutines = 9;
  return report;
}

TextOptions options(bool summary = false) {
  TextOptions options;
  options.base_folder = "/src/app";
  options.summary = summary;
  return options;
}

std::ptrdiff_t lines_of(const std::string& text) {
  const std::size_t end = text.find("\n\n");
  return std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end) + 1, '\n');
}

void expect_golden(const std::string& text, const std::string& name) {
  const std::string file = std::string(GORDIAN_TEST_FOLDER) + "/golden/" + name + ".txt";
  if (std::getenv("GORDIAN_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file) << text;
    return;
  }
  std::stringstream expected;
  expected << std::ifstream(file).rdbuf();
  EXPECT_EQ(text, expected.str()) << file;
}

TEST(TextGolden, EveryKindOfFinding) {
  expect_golden(report::text(report_of(samples::all()), options(true)), "report");
}

TEST(TextGolden, ExplainedRace) {
  const Report report = report_of({samples::race(), samples::race_with_parent()});
  expect_golden(report::explain(report, report.findings[1], options()), "explained_race");
}

TEST(TextGolden, ExplainedDeadlock) {
  const Report report = report_of({samples::mixed()});
  expect_golden(report::explain(report, report.findings[0], options()), "explained_deadlock");
}

// Findings that are too large for their space: deep stacks, many holds, long cycles, many actors.
Finding swollen(Finding finding) {
  for (ActorRef& actor : finding.actors) {
    for (int i = 0; i < 50; ++i) actor.stack.push_back(samples::frame("deeper", "/src/app/deep.cc", 100));
    actor.holds.resize(20, Hold{samples::object(trace::ObjectKind::mutex, 99, "many"), {}, actor.stack});
  }
  for (int i = 0; i < 20 && !finding.actors.empty(); ++i) finding.actors.push_back(ActorRef(finding.actors.front()));
  if (finding.kind == FindingKind::DataRace) finding.pairs.resize(30, samples::pair(1, 2, 3));
  return finding;
}

TEST(Text, EveryFindingHasLessThan15Lines) {
  std::vector<Finding> corpus = samples::all();
  for (const unsigned philosophers : {2U, 4U, 5U, 100U}) corpus.push_back(samples::dining(philosophers));
  for (const Finding& finding : samples::all()) corpus.push_back(swollen(finding));
  for (const Finding& finding : corpus) {
    TextOptions quoting = options();
    quoting.quote_sources_older_than_ns = ~std::uint64_t{0};
    const std::string text = report::text(report_of({finding}), quoting);
    EXPECT_LE(lines_of(text), kMostLines) << text;
  }
}

TEST(Text, SaysWhatItLeavesOut) {
  const std::string text = report::text(report_of({samples::dining(10)}), options());
  EXPECT_NE(text.find("... 14 more steps\n"), std::string::npos) << text;
  EXPECT_NE(text.find("... 8 more goroutines\n"), std::string::npos) << text;
}

TEST(Text, FoldsLibraryFramesAndCountsTheRest) {
  Finding race = samples::race_with_parent();
  race.actors[0].stack.resize(7, samples::frame("deeper", "/src/app/deep.cc", 100));
  const std::string text = report::text(report_of({race}), options());
  EXPECT_EQ(text.find("std::atomic::store"), std::string::npos) << text;
  EXPECT_NE(
      text.find(
          "in Stats::add stats.cc:27 < deeper deep.cc:100 < deeper deep.cc:100 < deeper deep.cc:100 < ... 2 more"),
      std::string::npos)
      << text;
}

TEST(Text, OtherPairsOfPlacesGetOneLine) {
  Finding race = samples::race();
  race.pairs = {samples::pair(12, 12, 300), samples::pair(12, 20, 11)};
  Report report = report_of({race});
  EXPECT_NE(
      report::text(report, options()).find("\n  also: writes at counter.cc:12 and reads at counter.cc:20 (11 times)\n"),
      std::string::npos);
  report.findings[0].pairs.resize(5, samples::pair(14, 20, 1));
  const std::string text = report::text(report, options());
  EXPECT_NE(text.find("(11 times), ... 3 more pairs\n"), std::string::npos) << text;
  EXPECT_NE(report::explain(report, report.findings[0], options())
                .find("  writes at counter.cc:14 and reads at counter.cc:20\n"),
            std::string::npos);
}

TEST(Text, ARaceSaysWhatItStandsFor) {
  Finding race = samples::race();
  race.stand_ins.assign(1, {{"work", "/src/counter.cc", 12, 5, false}, Role::reads});
  Report report = report_of({race});
  EXPECT_NE(report::text(report, options())
                .find("  stands for: reads at counter.cc:12 (not recorded, as nothing synchronises in between)\n"),
            std::string::npos);
  EXPECT_NE(report::explain(report, report.findings[0], options()).find("\n  reads at counter.cc:12\n"),
            std::string::npos);
  report.findings[0].stand_ins.resize(5, race.stand_ins[0]);
  EXPECT_NE(report::text(report, options()).find(", ... 3 more (not recorded"), std::string::npos);
}

TEST(Text, ARaceSaysWhichOnesItFollowsFrom) {
  Report report = report_of(std::vector<Finding>(6, samples::race()));
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    report.findings[i].id = "G-0000000" + std::to_string(i + 1);
  }
  EXPECT_EQ(report::text(report, options()).find("follows:"), std::string::npos);
  const auto says = [&](std::vector<std::string> causes, const std::string& words) {
    report.findings[5].follows = std::move(causes);
    return report::text(report, options()).find(words) != std::string::npos &&
           report::explain(report, report.findings[5], options()).find(words) != std::string::npos;
  };
  EXPECT_TRUE(says({"G-00000002"}, "what raced in R2 before; it may only race because of that, so mend R2 first\n"));
  EXPECT_TRUE(says({"G-00000002", "G-00000001"},
                   "raced in R1 and R2 before; it may only race because of them, so mend "
                   "those first\n"));
  EXPECT_TRUE(says({"G-00000001", "G-00000002", "G-00000003", "G-00000004", "G-00000005"},
                   "raced in R1, R2, R3 and 2 more before"));
  EXPECT_FALSE(says({"G-not-told"}, "follows:"));
}

TEST(Text, AMisuseNamesWhoFailsAndWhoWasEarlier) {
  Finding misuse = samples::double_close();
  misuse.actors.push_back(samples::goroutine(2, "owner", "/src/app/jobs.cc", 20));
  const std::string text = report::text(report_of({misuse}), options());
  EXPECT_NE(text.find("  g3 stop fails at jobs.cc:45\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  earlier: g2 owner at jobs.cc:25\n"), std::string::npos) << text;
}

TEST(Text, ColorsOnlyWhenAsked) {
  const Report report = report_of(samples::all());
  EXPECT_EQ(report::text(report, options()).find('\x1b'), std::string::npos);
  TextOptions colored = options();
  colored.color = true;
  std::string text = report::text(report, colored);
  EXPECT_NE(text.find("\x1b[1;31m[G-4f2a91c0]"), std::string::npos);
  // Without the colours it is the same text.
  for (std::size_t at; (at = text.find('\x1b')) != std::string::npos;) text.erase(at, text.find('m', at) - at + 1);
  EXPECT_EQ(text, report::text(report, options()));
}

TEST(Text, HostileNamesReachNoTerminal) {
  Finding race = samples::race();
  race.object.name = "a\x1b[2J\x1b]0;title\x07\nb\xff";
  for (const bool color : {false, true}) {
    TextOptions chosen = options();
    chosen.color = color;
    const std::string text = report::text(report_of({race}), chosen);
    EXPECT_EQ(text.find("\x1b[2J"), std::string::npos);
    EXPECT_EQ(text.find("\x1b]"), std::string::npos);
    EXPECT_EQ(text.find('\x07'), std::string::npos);
    EXPECT_EQ(text.find('\xff'), std::string::npos);
  }
}

TEST(Text, FollowUpCommandsCanBeCopied) {
  Report report = report_of({samples::race(), samples::double_close()});
  report.trace.path = "my trace's.gtrace";
  const std::string text = report::text(report, options());
  EXPECT_NE(
      text.find("gordian explain 'my trace'\\''s.gtrace' G-4f2a91c0 | gordian graph 'my trace'\\''s.gtrace' --finding "
                "G-4f2a91c0 -o R1.svg\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("G-2c105e00\n"), std::string::npos) << "a misuse has no graph to offer";
}

TEST(TellGraph, NumbersTheStepsAsTheDrawingDoes) {
  EXPECT_EQ(report::tell_graph(samples::ab_ba(), "D3", options()),
            "[G-c77d0001] deadlock D3 (partial, observed): 2 goroutines wait for each other for ever\n"
            "  [D3.1] g7 waits for mutex Account[\"Bob & Söhne\"].mu at account.cc:57 (2.1 s)\n"
            "  [D3.2] mutex Account[\"Bob & Söhne\"].mu is held by g9, locked at account.cc:56\n"
            "  [D3.3] g9 waits for mutex Account[\"Ann\"].mu at account.cc:57 (2.0 s)\n"
            "  [D3.4] mutex Account[\"Ann\"].mu is held by g7, locked at account.cc:56\n");
  EXPECT_EQ(
      report::tell_graph(samples::race(), "R1", options()),
      "[G-4f2a91c0] data race R1 (write-write, observed): counter is written by both, and nothing orders the two, "
      "seen 311 "
      "times\n"
      "  [R1.!] no order between g7, which writes at counter.cc:12 and g8, which writes at counter.cc:12\n");
  EXPECT_EQ(report::tell_graph(samples::double_close(), "M1", options()), "");
}

// A part of what explain() says, from a headline to the next one.
std::string part_of(const std::string& text, const std::string& headline) {
  const std::size_t begin = text.find("\n" + headline + "\n");
  return begin == std::string::npos ? text : text.substr(begin + 1, text.find("\n\n", begin) - begin);
}

TEST(Explain, TellsWhatSurroundsTheAccessesOfARace) {
  const Report report = report_of({samples::race_with_history()});
  const std::string text = report::explain(report, report.findings[0], options());
  EXPECT_EQ(part_of(text, "around the accesses"),
            "around the accesses\n"
            "  g7 Stats::add\n"
            "    lock Stats::mu_ at stats.cc:12\n"
            "    unlock Stats::mu_ at stats.cc:15\n"
            "    ... 1,204 events hidden\n"
            "    lock Stats::mu_ at stats.cc:16\n"
            "    [R1.!] write Stats::last_ at stats.cc:27\n"
            "    send to done at stats.cc:19\n"
            "    end\n"
            "  g8 Report::print\n"
            "    lock Stats::mu_ at report.cc:36\n"
            "    unlock Stats::mu_ at report.cc:39\n"
            "    [R1.!] read Stats::last_ at report.cc:41\n"
            "    receive from done at report.cc:44\n"
            "    ... 1 event hidden\n");
  EXPECT_EQ(part_of(text, "order between the two"),
            "order between the two\n"
            "  g7 unlock Stats::mu_ at stats.cc:15, before g8 lock Stats::mu_ at report.cc:36\n"
            "  g8 unlock Stats::mu_ at report.cc:39, before g7 send to done at stats.cc:19, through others\n"
            "  g7 send to done at stats.cc:19, before g8 receive from done at report.cc:44\n"
            "  [R1.!] no order between g7, which writes at stats.cc:27 and g8, which reads at report.cc:41\n");
}

TEST(Explain, ARendezvousHasNoFirstAndABeginningNoPlace) {
  Report report = report_of({samples::race_with_history(), samples::race_with_parent(), samples::ab_ba()});
  report.findings[0].orders[2].both = true;
  EXPECT_NE(report::explain(report, report.findings[0], options()).find("done at stats.cc:19, meets g8 receive from"),
            std::string::npos);
  EXPECT_NE(
      report::explain(report, report.findings[1], options()).find("  main go g7 at stats.cc:22, before g7 begins\n"),
      std::string::npos);
  EXPECT_EQ(report::explain(report, report.findings[2], options()).find("around"), std::string::npos);
}

TEST(Summary, CountsPerCertaintyAndIsHonestAboutWhatWasNotSeen) {
  Report report = report_of(samples::all());
  EXPECT_EQ(report::summary(report, options()),
            "17 findings: 15 observed, 1 predicted, 1 potential; looked at 8,123 events and 1,204 memory accesses of 9 "
            "goroutines, nothing lost\n");
  report.findings.clear();
  report.trace.partial = true;
  report.trace.lost = 3;
  report.trace.unordered = 1;
  report.trace.left_out = 2;
  report.limits = {5, false};
  report.uninstrumented = {"libfoo.so", "libbar.so", "a.o", "b.o"};
  report.unfinished = {samples::goroutine(33, "tick", "/src/app/tick.cc", 3),
                       samples::goroutine(34, "drain", "/src/app/tick.cc", 13)};
  report.unfinished[1].role = Role::waits;
  report.suppressed = {"G-1"};
  report.notes = {"two processes had no instrumentation"};
  EXPECT_EQ(report::summary(report, options()),
            "no findings; looked at 8,123 events and 1,204 memory accesses of 9 goroutines\n"
            "warning: the trace is cut short: what is found holds, but the end was not seen\n"
            "warning: 3 events lost while recording: something may be missed\n"
            "warning: 1 event without predecessor: no finding is more than potential\n"
            "warning: 2 memory accesses left out, at an unknown place or beyond the memory and time there was: races "
            "may be missed\n"
            "warning: 5 races left out, between places that are reported to race on many other objects\n"
            "warning: too many lock orders to look at all circles: inversions may be missed\n"
            "warning: not instrumented, races inside stay unseen: libfoo.so, libbar.so, a.o, ... 1 more\n"
            "note: 1 goroutine was still waiting when the program ended, leaked unless somebody else would have ended "
            "the wait: g34 drain at tick.cc:18\n"
            "note: 1 goroutine was not finished when the program ended, but could have gone on: g33 tick at tick.cc:8\n"
            "note: two processes had no instrumentation\n"
            "note: 1 finding suppressed\n");
}

TEST(Find, TakesIdsPrefixesAndTags) {
  const Report report =
      report_of({samples::race(), samples::ab_ba(), samples::lock_order(), samples::lock_order_of_3()});
  const auto index = [&](const char* id) {
    const Finding* finding = report::find(report, id);
    return finding == nullptr ? -1 : finding - report.findings.data();
  };
  EXPECT_EQ(index("G-c77d0001"), 1);
  EXPECT_EQ(index("G-c77d"), 1);
  EXPECT_EQ(index("4f2a"), 0);
  EXPECT_EQ(index("D1"), 1);
  EXPECT_EQ(index("L2"), 3);
  EXPECT_EQ(index("G-0bde0"), -1) << "two begin so";
  EXPECT_EQ(index("G-0bde0bde"), 2);
  EXPECT_EQ(index(""), -1);
  EXPECT_EQ(index("G-"), -1);
  EXPECT_EQ(index("D2"), -1);
}

Contention of_lock(const std::string& name, std::uint64_t waits) {
  Contention figures;
  figures.object.object_class = ObjectClass::sync;
  figures.object.sync_kind = trace::ObjectKind::mutex;
  figures.object.name = name;
  figures.acquisitions = 1000;
  figures.waits = waits;
  figures.waited_ns = figures.longest_wait_ns = waits * 1'000'000;
  figures.longest_wait_at = {"deposit", "/src/app/bank.cc", 12, 3, false};
  return figures;
}

TEST(ContentionTable, HasALineForEachLockAndCountsTheRest) {
  const std::vector<Contention> three = {of_lock("mu", 13), of_lock("a_much_longer_name", 2), of_lock("third", 1)};
  EXPECT_EQ(report::contention_table(three, 2),
            "waited for                served  waits  together  longest wait      longest hold  bypasses  failed\n"
            "mutex mu                  1,000   13     13 ms     13 ms bank.cc:12  -             0         0\n"
            "mutex a_much_longer_name  1,000   2      2 ms      2 ms bank.cc:12   -             0         0\n"
            "... 1 more\n");
  EXPECT_EQ(report::contention_table({}, 2), "");
}

TEST(ContentionTable, StandsInAReportThatAsksForIt) {
  Report report = report_of({});
  report.contention = {of_lock("mu", 13)};
  TextOptions with_table = options(true);
  EXPECT_EQ(report::text(report, with_table).find("waited for"), std::string::npos);
  with_table.contention = true;
  EXPECT_NE(report::text(report, with_table).find("mutex mu"), std::string::npos);
}

}  // namespace
}  // namespace gordian::analysis
