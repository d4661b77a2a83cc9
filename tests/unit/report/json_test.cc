// SPDX-License-Identifier: Apache-2.0
// The JSON document, field by field: its keys are a promise to scripts.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "analyzer/report/report.h"
#include "tests/unit/drawing/sample_findings.h"

namespace gordian::analysis {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

Json document_of(std::vector<Finding> findings) {
  report::Report report;
  report.findings = std::move(findings);
  return report::json(report);
}

TEST(Json, DocumentHasTheFieldsOfTheSurface) {
  report::Report report;
  report.trace = {
      .path = "t.gtrace", .partial = true, .events = 7, .accesses = 5, .lost = 2, .unordered = 1, .goroutines = 3};
  report.program.path = "/bin/bank";
  report.program.command = "bank --fast";
  report.program.pid = 4711;
  report.program.exit_status = 2;
  report.uninstrumented = {"libfoo.so"};
  report.suppressed = {"G-1"};
  report.notes = {"a note"};
  report.unfinished = {samples::goroutine(9, "tick", "/src/t.cc", 4)};
  const Json json = report::json(report);
  EXPECT_EQ(keys(json), (std::vector<std::string>{"version", "trace", "program", "findings", "coverage", "unfinished",
                                                  "contention", "notes", "suppressed"}));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(
      json["trace"].dump(),
      R"({"path":"t.gtrace","partial":true,"events":7,"accesses":5,"goroutines":3,"threads":0,"lost":2,"unordered":1})");
  EXPECT_EQ(json["program"].dump(),
            R"({"path":"/bin/bank","command":"bank --fast","pid":4711,"started_ns":0,"exit_status":2,"signal":null})");
  EXPECT_EQ(json["findings"].dump(), "[]");
  EXPECT_EQ(json["coverage"].dump(),
            R"({"uninstrumented":["libfoo.so"],"events":7,"lost":2,"left_out":0,"unordered":1,)"
            R"("races_uncounted":0,"lock_orders_complete":true})");
  EXPECT_EQ(json["unfinished"][0]["goroutine"], 9);
  EXPECT_EQ(json["notes"].dump(), R"(["a note"])");
  EXPECT_EQ(json["suppressed"].dump(), R"(["G-1"])");
}

TEST(Json, EveryFindingHasEveryField) {
  const Json json = document_of(samples::all());
  ASSERT_EQ(json["findings"].size(), samples::all().size());
  for (const Json& finding : json["findings"]) {
    std::vector<std::string> own = keys(finding);  // besides, three kinds have some of their own
    EXPECT_EQ(std::erase(own, "bypasses"), finding["kind"] == "starvation" ? 1U : 0U);
    EXPECT_EQ(std::erase(own, "rounds"), finding["kind"] == "livelock" ? 1U : 0U);
    EXPECT_EQ(std::erase(own, "lanes"), finding["kind"] == "data-race" ? 1U : 0U);
    EXPECT_EQ(std::erase(own, "orders"), finding["kind"] == "data-race" ? 1U : 0U);
    EXPECT_EQ(own, (std::vector<std::string>{"id", "kind", "subkind", "certainty", "tag", "object", "actors", "cycle",
                                             "occurrences", "explanation", "hint", "witness"}));
    EXPECT_FALSE(finding["explanation"].get<std::string>().empty()) << finding["id"];
    EXPECT_FALSE(finding["hint"].get<std::string>().empty()) << finding["id"];
    EXPECT_TRUE(finding["witness"].is_null());
  }
}

TEST(Json, Race) {
  const Json race = document_of({samples::race()})["findings"][0];
  EXPECT_EQ(race["id"], "G-4f2a91c0");
  EXPECT_EQ(race["kind"], "data-race");
  EXPECT_EQ(race["subkind"], "write-write");
  EXPECT_EQ(race["certainty"], "observed");
  EXPECT_EQ(race["tag"], "R1");
  EXPECT_EQ(race["occurrences"], 311);
  EXPECT_EQ(race["object"].dump(), R"({"kind":"global","name":"counter","address":"0x404040","size":4,)"
                                   R"("declared":{"file":"/src/app/counter.cc","line":8,"column":3},"created":[]})");
  ASSERT_EQ(race["actors"].size(), 2U);
  const Json& actor = race["actors"][0];
  EXPECT_EQ(keys(actor),
            (std::vector<std::string>{"goroutine", "name", "role", "objects", "stack", "holds", "created", "parent"}));
  EXPECT_EQ(actor["goroutine"], 7);
  EXPECT_EQ(actor["name"], "worker");
  EXPECT_EQ(actor["role"], "writes");
  EXPECT_EQ(actor["stack"][0].dump(), R"({"function":"increment","file":"/src/app/counter.cc","line":12,"column":3})");
  EXPECT_EQ(actor["stack"][1]["line"], 20);
  EXPECT_EQ(actor["holds"].dump(), "[]");
  EXPECT_EQ(actor["created"][0]["line"], 30);
  EXPECT_EQ(actor["parent"], 1);
  EXPECT_EQ(race["cycle"].dump(), "[]");
}

TEST(Json, AllPairsOfPlaces) {
  Finding race = samples::race();
  EXPECT_FALSE(document_of({race})["findings"][0].contains("pairs"));
  race.pairs = {samples::pair(12, 12, 300), samples::pair(12, 20, 11)};
  const Json pairs = document_of({race})["findings"][0]["pairs"];
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[1]["earlier"]["role"], "writes");
  EXPECT_EQ(pairs[1]["earlier"]["at"]["line"], 12);
  EXPECT_EQ(pairs[1]["later"]["role"], "reads");
  EXPECT_EQ(pairs[1]["later"]["at"]["line"], 20);
  EXPECT_EQ(pairs[1]["count"], 11);
}

TEST(Json, PlacesThatWereLeftOut) {
  Finding race = samples::race();
  EXPECT_FALSE(document_of({race})["findings"][0].contains("stands_for"));
  race.stand_ins = {{{"work", "/src/counter.cc", 12, 5, false}, Role::reads}};
  const Json left_out = document_of({race})["findings"][0]["stands_for"];
  ASSERT_EQ(left_out.size(), 1U);
  EXPECT_EQ(left_out[0]["role"], "reads");
  EXPECT_EQ(left_out[0]["at"]["line"], 12);
}

TEST(Json, TheRacesThatARaceFollowsFrom) {
  Finding race = samples::race();
  EXPECT_FALSE(document_of({race})["findings"][0].contains("follows"));
  race.follows = {"G-00000001", "G-00000002"};
  EXPECT_EQ(document_of({race})["findings"][0]["follows"].dump(), R"(["G-00000001","G-00000002"])");
}

TEST(Json, LanesOfARace) {
  const Json race = document_of({samples::race_with_history()})["findings"][0];
  ASSERT_EQ(race["lanes"].size(), 2U);
  const Json& left = race["lanes"][0];
  EXPECT_EQ(left["access"], 4);
  EXPECT_EQ(left["hidden_after"], 0);
  EXPECT_EQ(left["events"][3]["act"], "lock");
  EXPECT_EQ(left["events"][3]["object"]["name"], "Stats::mu_");
  EXPECT_EQ(left["events"][3]["at"]["line"], 16);
  EXPECT_EQ(left["events"][3]["hidden_before"], 1204);
  EXPECT_EQ(left["events"][4]["rank"], race["lanes"][1]["events"][3]["rank"]);
  EXPECT_EQ(left["events"][5]["message"], 17);
  EXPECT_EQ(race["lanes"][1]["hidden_after"], 1);
  ASSERT_EQ(race["orders"].size(), 3U);
  EXPECT_EQ(
      race["orders"][0].dump(),
      R"({"from":{"lane":0,"event":2},"to":{"lane":1,"event":1},"reason":"unlock before lock","object":"Stats::mu_"})");
  const Json child = document_of({samples::race_with_parent()})["findings"][0];
  EXPECT_EQ(child["lanes"][1]["events"][1]["goroutine"], 7);
}

TEST(Json, HeldLocksAndLibraryFrames) {
  const Json race = document_of({samples::race_with_parent()})["findings"][0];
  EXPECT_EQ(race["object"]["declared"], nullptr);
  EXPECT_EQ(race["actors"][0]["stack"][0]["internal"], true);
  const Json& hold = race["actors"][1]["holds"][0];
  EXPECT_EQ(hold["mode"], "exclusive");
  EXPECT_EQ(hold["object"]["kind"], "mutex");
  EXPECT_EQ(hold["object"]["name"], "Stats::mu_");
  EXPECT_EQ(hold["object"]["id"], 3);
  EXPECT_EQ(hold["stack"][0]["line"], 36);
  EXPECT_FALSE(race["actors"][1].contains("parent"));
}

TEST(Json, Cycle) {
  const Json deadlock = document_of({samples::mixed()})["findings"][0];
  const Json& cycle = deadlock["cycle"];
  ASSERT_EQ(cycle.size(), 4U);
  EXPECT_EQ(cycle[0]["step"], "1");
  EXPECT_EQ(cycle[0]["relation"], "waits-for");
  EXPECT_EQ(cycle[0]["from"].dump(), R"({"goroutine":12,"name":"Cache::evict"})");
  EXPECT_EQ(cycle[0]["to"].dump(), R"({"object":"channel","id":5,"name":"Cache::log_"})");
  EXPECT_EQ(cycle[0]["at"]["line"], 143);
  EXPECT_EQ(cycle[1]["relation"], "woken-by");
  EXPECT_EQ(cycle[2]["text"], "g5 waits to read-lock RWMutex Cache::mu_");
  EXPECT_EQ(cycle[3]["relation"], "held-by");
  const Json& waiter = deadlock["actors"][0];
  EXPECT_EQ(waiter["role"], "waits");
  EXPECT_EQ(waiter["reason"], "chan send");
  EXPECT_EQ(waiter["waited_ns"], 1'000'000'000);
  EXPECT_EQ(waiter["objects"][0]["capacity"], 4);
  EXPECT_EQ(waiter["objects"][0]["length"], 4);
}

TEST(Json, SelectAndNobodyAndLockOrder) {
  const Json all = document_of({samples::stuck_select(), samples::lock_order()});
  const Json& select = all["findings"][0]["cycle"];
  EXPECT_EQ(select[0]["to"].dump(), R"({"select":3})");
  EXPECT_EQ(select[1]["step"], "2a");
  EXPECT_EQ(select[1]["relation"], "could-use");
  EXPECT_EQ(select[4]["to"].dump(), R"({"nobody":true})");
  EXPECT_EQ(select[4]["at"], nullptr);
  const Json& order = all["findings"][1]["cycle"][0];
  EXPECT_EQ(order["relation"], "locked-before");
  EXPECT_EQ(order["actor"], 2);
  EXPECT_EQ(order["count"], 980);
  EXPECT_EQ(all["findings"][1]["certainty"], "predicted");
}

TEST(Json, FiguresOfLocksStandBesideTheFindings) {
  report::Report report;
  Contention figures;
  figures.object.name = "mu";
  figures.waits = 3;
  figures.bypasses = 2;
  figures.longest_hold_ns = 5;
  report.contention.push_back(figures);
  const auto document = report::json(report);
  ASSERT_EQ(document["contention"].size(), 1U);
  EXPECT_EQ(document["contention"][0]["object"]["name"], "mu");
  EXPECT_EQ(document["contention"][0]["waits"], 3);
  EXPECT_EQ(document["contention"][0]["bypasses"], 2);
  EXPECT_EQ(document["contention"][0]["longest_hold_at_least_ns"], 5);
  EXPECT_TRUE(document["findings"].empty());
}

TEST(Json, AnyBytesInNamesStillMakeADocument) {
  Finding race = samples::race();
  race.object.name = "a\xff\x1b\"\\";
  race.actors[0].name = "\xc3";
  const Json json = document_of({race});
  EXPECT_EQ(Json::parse(json.dump(2)), json);
  EXPECT_EQ(json["findings"][0]["object"]["name"], "a\xEF\xBF\xBD\xEF\xBF\xBD\"\\");
}

}  // namespace
}  // namespace gordian::analysis
