// SPDX-License-Identifier: Apache-2.0
// From races to findings: what is one finding, what it is called, what it says about both sides. Beside each case its
// clean twin.
#include <gtest/gtest.h>

#include <string>

#include "analyzer/detect/analyze.h"
#include "analyzer/detect/happens_before.h"
#include "analyzer/model/suspect_finder.h"
#include "runtime/trace/text.h"

namespace gordian::analysis {
namespace {

// Functions 1 main, 2 worker; sites of worker: 0 reads and 1 writes counter on line 5, 2 writes Node::next on line 9.
constexpr const char* kHead = R"(gordian-trace 1
table base=1 path="p"
  location function="main" file="/a.cc" line=20
  location function="worker" file="/a.cc" line=3
  location function="worker" file="/a.cc" line=5
  location function="worker" file="/a.cc" line=9
  location function="main" file="/a.cc" line=22
  location file="/a.cc" line=1
  function location=0 first-site=0 sites=0 first-call=0 calls=2
  function location=1 first-site=0 sites=3 first-call=2 calls=2
  site location=2 name="counter" size=4 name-kind=1
  site location=2 name="counter" size=4 kind=1 name-kind=1
  site location=3 name="Node::next" size=8 kind=1 name-kind=2
  call location=4 callee="gordian::go"
  call location=4 callee="new"
  call location=2 callee="gordian::Mutex::lock" object="mu"
  call location=3 callee="free"
  global name="counter" location=5 size=4 address=0x1000
)";

// main starts goroutines 2 and 3; each makes `accesses`, and `sync` or, the second one, `other_sync`; main has done
// `before`, and does `after` before it ends.
std::string text_of(const std::string& sync, const std::string& accesses, const std::string& before,
                    const std::string& other_sync, const std::string& after) {
  return std::string(kHead) + R"(chunk sync stream=1
  thread-start actor=1
  switch actor=1 run=1
  stack pop=all push=[0:1]
  object site=2 object=5 kind=1 address=0x2000
)" + before +
         R"(  go site=1 child=2
  go site=1 child=3
)" + after +
         R"(  exit main_returned=1
chunk sync stream=2
  thread-start
  switch actor=2 run=1
  stack pop=all push=[0:2]
)" + sync +
         R"(  go-end
chunk access stream=2 actor=2 ordinal=3
)" + accesses +
         R"(chunk sync stream=3
  thread-start
  switch actor=3 run=1
  stack pop=all push=[0:2]
)" + other_sync +
         R"(  go-end
chunk access stream=3 actor=3 ordinal=3
)" + accesses +
         "end exited\n";
}

Result<Analysis> analysed(const std::string& text) {
  const auto bytes = trace::from_text(text, "races");
  EXPECT_TRUE(bytes) << bytes.error().where << " " << bytes.error().what;
  const auto file = trace::TraceFile::from_bytes(*bytes, "races");
  return analyze(*file);
}

Result<Analysis> run(const std::string& sync, const std::string& accesses, const std::string& before,
                     const std::string& other_sync, const std::string& after) {
  return analysed(text_of(sync, accesses, before, other_sync, after));
}

Result<Analysis> run(const std::string& sync, const std::string& accesses, const std::string& before = "") {
  return run(sync, accesses, before, sync, "");
}

constexpr const char* kIncrement =
    "  marker 3\n  stack pop=all push=[0:2]\n  access address=0x1000\n  access site=1 address=0x1000\n";

// The write was recorded for both.
TEST(Races, AnAccessThatStandsForAnotherSaysSo) {
  const std::string write = "  marker 3\n  stack pop=all push=[0:2]\n  access site=1 address=0x1000\n";
  std::string text = text_of("", write, "", "", "");
  EXPECT_TRUE(analysed(text)->findings.at(0).stand_ins.empty());
  const std::string read = "name=\"counter\" size=4 name-kind=1";
  text.replace(text.find(read), read.size(), read + " covered-by=1");
  const Finding finding = analysed(text)->findings.at(0);
  ASSERT_EQ(finding.stand_ins.size(), 1u);
  EXPECT_EQ(finding.stand_ins[0].role, Role::reads);
  EXPECT_EQ(finding.stand_ins[0].left_out.line, 5u);
  EXPECT_EQ(finding.stand_ins[0].left_out.function, "worker");
}

TEST(Races, AnUnprotectedCounterIsOneFinding) {
  const auto analysis = run("", kIncrement);
  ASSERT_TRUE(analysis) << analysis.error().what;
  ASSERT_EQ(analysis->findings.size(), 1u);
  const Finding& finding = analysis->findings[0];
  EXPECT_EQ(finding.kind, FindingKind::DataRace);
  EXPECT_EQ(finding.subkind, "write-write");
  EXPECT_EQ(finding.certainty, Certainty::observed);
  EXPECT_EQ(finding.object.name, "counter");
  EXPECT_EQ(finding.object.object_class, ObjectClass::global);
  EXPECT_EQ(finding.object.declared.line, 1u);
  ASSERT_EQ(finding.actors.size(), 2u);
  EXPECT_EQ(finding.actors[0].role, Role::writes);
  EXPECT_EQ(finding.actors[0].stack.at(0).line, 5u);
  EXPECT_EQ(finding.actors[0].created.at(0).line, 22u);
  EXPECT_EQ(finding.actors[0].parent, ActorId(1));
  EXPECT_NE(finding.actors[0].id, finding.actors[1].id);
  EXPECT_EQ(finding.pairs.size(), 2u);  // write with write, read with write
  EXPECT_EQ(finding.occurrences, 3u);
  EXPECT_EQ(finding.id.size(), 10u);
  EXPECT_EQ(analysis->coverage.functions, 2u);
}

TEST(Races, AnIdDependsOnNamesOnly) {
  const auto one = run("", kIncrement);
  const auto two = run("", std::string(kIncrement) + "  access site=1 address=0x1000\n");
  EXPECT_EQ(one->findings.at(0).id, two->findings.at(0).id);
}

// A block of 24 bytes of which each owner has asked for `bytes`.
std::string own_block(int bytes, int ticket) {
  return "  alloc site=2 address=0x5000 size=" + std::to_string(bytes) + " ticket=" + std::to_string(ticket) +
         "\n  free site=2 address=0x5000 size=24 ticket=" + std::to_string(ticket + 1) + "\n";
}

// After both.
std::string block_of_main(int ticket) {
  return "  alloc site=2 address=0x6000 size=8 ticket=" + std::to_string(ticket) + "\n";
}

TEST(Races, RoomThatNobodyAskedForHasNoOwner) {
  for (const int bytes : {24, 20, 8, 3}) {
    const auto analysis = run(own_block(24, 1), "", "", own_block(bytes, 3), block_of_main(5));
    ASSERT_TRUE(analysis) << analysis.error().what;
    EXPECT_TRUE(analysis->findings.empty()) << bytes;
  }
}

// Its owner has asked how much room it has.
std::string own_room(int bytes, int ticket) {
  const std::string own = own_block(bytes, ticket);
  const std::size_t free = own.find("  free");
  return own.substr(0, free) + "  alloc site=2 address=0x5000 size=24 kind=5 ticket=" + std::to_string(ticket + 1) +
         "\n  free site=2 address=0x5000 size=24 ticket=" + std::to_string(ticket + 2) + "\n";
}

TEST(Races, RoomThatWasAskedAboutBelongsToTheBlock) {
  for (const int bytes : {24, 20, 8, 3}) {
    const auto analysis = run(own_room(20, 1), "", "", own_room(bytes, 4), block_of_main(7));
    ASSERT_TRUE(analysis) << analysis.error().what;
    EXPECT_TRUE(analysis->findings.empty()) << bytes;
  }
}

TEST(Races, AskingAboutRoomForgetsNothing) {
  const std::string room = "  alloc site=2 address=0x5000 size=40 kind=5 ticket=";
  const auto analysis = run(room + "2\n", "  marker 3\n  stack pop=all push=[0:2]\n  access site=2 address=0x5008\n",
                            "  alloc site=2 address=0x5000 size=32 ticket=1\n", room + "3\n", "");
  ASSERT_TRUE(analysis) << analysis.error().what;
  ASSERT_EQ(analysis->findings.size(), 1u);
  EXPECT_EQ(analysis->findings[0].object.size, 40u);
}

TEST(Races, TwoFreesOfOneBlockRace) {
  const std::string second = "  free site=2 address=0x5000 size=24 ticket=3\n";
  const auto analysis = run(own_block(20, 1), "", "", second, block_of_main(4));
  ASSERT_TRUE(analysis) << analysis.error().what;
  ASSERT_EQ(analysis->findings.size(), 1u);
  EXPECT_EQ(analysis->findings[0].subkind, "race-with-free");
}

TEST(Races, HeapObjectsHaveTheirAllocation) {
  const auto analysis = run("", "  marker 3\n  stack pop=all push=[0:2]\n  access site=2 address=0x5008\n",
                            "  alloc site=2 address=0x5000 size=32 ticket=1\n");
  ASSERT_EQ(analysis->findings.size(), 1u);
  const ObjectRef& object = analysis->findings[0].object;
  EXPECT_EQ(object.object_class, ObjectClass::heap);
  EXPECT_EQ(object.name, "Node::next");
  EXPECT_EQ(object.address, 0x5000u);
  EXPECT_EQ(object.size, 32u);
  EXPECT_EQ(object.created.at(0).line, 22u);
}

// At a border of 64 MiB an allocation becomes two events, but stays one block; two allocations do not become one.
TEST(Races, ABlockIsAllOfItsPieces) {
  const auto object_of = [](const std::string& allocs) {
    const auto analysis =
        run("", "  marker 3\n  stack pop=all push=[0:2]\n  access site=2 address=0x4000008\n", allocs);
    EXPECT_EQ(analysis->findings.size(), 1u);
    return analysis->findings.at(0).object;
  };
  const std::string first = "  alloc site=2 address=0x3fffff0 size=16 ticket=1\n";
  const std::string second = "  alloc site=2 address=0x4000000 size=48 stripe=1 ticket=1\n";
  EXPECT_EQ(object_of(first + second).address, 0x3fffff0u);
  EXPECT_EQ(object_of(first + second).size, 64u);
  EXPECT_EQ(object_of(first + "  fence order=4\n" + second).address, 0x4000000u);
  EXPECT_EQ(object_of(second + first).size, 48u);
}

TEST(Races, ALostSynchronisationMakesThemPotential) {
  const auto analysis = run("  loss family=1 count=2\n", kIncrement);
  ASSERT_EQ(analysis->findings.size(), 1u);
  EXPECT_EQ(analysis->findings[0].certainty, Certainty::potential);
  EXPECT_GT(analysis->coverage.lost_sync, 0u);
}

TEST(Races, ReadersDoNotRace) {
  const auto analysis = run("", "  marker 3\n  stack pop=all push=[0:2]\n  access address=0x1000\n");
  EXPECT_TRUE(analysis->findings.empty());
}

// One goroutine makes these, the other one access at the address.
Result<Analysis> against_one_access(const std::string& records, std::uint64_t address) {
  const std::string head = "  marker 3\n  stack pop=all push=[0:2]\n";
  std::string text = text_of("", "@\n", "", "", "");
  text.replace(text.find("@\n"), 2, head + records);
  text.replace(text.find("@\n"), 2, head + "  access site=1 address=" + std::to_string(address) + "\n");
  return analysed(text);
}

// By columns, from above, with rows in one another, or rows that together span more than any range may.
TEST(Races, AMatrixRacesWhereItsRowsWould) {
  struct Matrix {
    std::uint64_t address, count;
    std::int64_t stride;
    std::uint64_t rows;
    std::int64_t row_stride;
  };
  for (const Matrix& m : {Matrix{0x100000, 80, 16000, 2000, 16}, Matrix{0x4000000, 80, -16000, 200, -16},
                          Matrix{0x100000, 100, 32, 100, 48}, Matrix{1ull << 40, 100, 16, 1500, 1 << 22},
                          Matrix{0x100000, 1, 0, 50, 640}, Matrix{0x100000, 50, 640, 3, 0}}) {
    std::string rows;
    for (std::uint64_t row = 0; row < m.rows; ++row) {
      rows += "  strided site=1 address=" + std::to_string(m.address + row * static_cast<std::uint64_t>(m.row_stride)) +
              " count=" + std::to_string(m.count) + " stride=" + std::to_string(m.stride) + "\n";
    }
    const std::string matrix = "  matrix site=1 address=" + std::to_string(m.address) +
                               " count=" + std::to_string(m.count) + " stride=" + std::to_string(m.stride) +
                               " rows=" + std::to_string(m.rows) + " row_stride=" + std::to_string(m.row_stride) + "\n";
    const std::uint64_t element = m.address + (m.count / 3) * static_cast<std::uint64_t>(m.stride) +
                                  (m.rows / 2) * static_cast<std::uint64_t>(m.row_stride);
    for (const std::uint64_t address : {element, element + 8}) {
      const auto by_rows = against_one_access(rows, address);
      const auto as_matrix = against_one_access(matrix, address);
      ASSERT_EQ(as_matrix->findings.size(), by_rows->findings.size()) << matrix << address;
      EXPECT_EQ(as_matrix->coverage.left_out, 0u);
      if (address == element) {
        ASSERT_EQ(as_matrix->findings.size(), 1u) << matrix;
        EXPECT_EQ(as_matrix->findings[0].lanes.size(), by_rows->findings[0].lanes.size());
      }
    }
  }
}

// How many of 200 ranges with a million elements each are left out if the program took so long.
std::uint64_t left_out_of_200_million(std::uint64_t elapsed_ns) {
  const World world;
  const StackTable stacks;
  SuspectFinder suspects(std::uint64_t{1} << 30);
  HappensBefore order(world, stacks, suspects, {elapsed_ns, 1000});
  for (int i = 0; i < 200; ++i) {
    order.access(
        {.actor = ActorId(1), .place = {.site = 1}, .address = 0x10000, .size = 4, .count = 1000000, .stride = 16});
  }
  return order.left_out();
}

TEST(Races, NoMoreIsLookedAtThanTheProgramHadTimeFor) {
  EXPECT_EQ(left_out_of_200_million(10'000'000), 0U);
  EXPECT_GT(left_out_of_200_million(0), 100U);
}

}  // namespace
}  // namespace gordian::analysis
