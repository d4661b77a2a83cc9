// SPDX-License-Identifier: Apache-2.0
// Streams as text, and the one thing the merge owes each of them: no event before what it needs. Then the gaps: nothing
// is lost and nothing hangs when an event is missing, and the summary says so.
#include "analyzer/ingest/merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/trace/text.h"

namespace gordian::analysis {
namespace {

// The order in which things are shown, one letter-sized word each.
class Log : public Observer {
 public:
  void step(const Step& step) override {
    std::visit(
        [&]<class Event>(const Event&) {
          if constexpr (!std::is_same_v<Event, std::monostate>) {
            text += std::to_string(step.actor.value) + ":" + std::string(Event::kName) + " ";
          }
        },
        step.event);
    place = step.place;
  }
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override {
    text += std::to_string(access.actor.value) + ":" + (access.kind == trace::AccessKind::write ? "w" : "r") +
            std::to_string(access.address) + " ";
    place = access.place;
    sizes.push_back(access.size);
  }
  std::string text;
  std::vector<std::uint64_t> sizes;  // of accesses
  Place place;
};

struct Merged {
  std::string text;
  MergeSummary summary;
  Place last_place;
  std::vector<std::uint64_t> sizes;
};

Merged merge_text(const std::string& body) {
  const auto bytes = trace::from_text("gordian-trace 1\n" + body + "end exited\n", "merge");
  EXPECT_TRUE(bytes) << bytes.error().where << " " << bytes.error().what;
  const auto file = trace::TraceFile::from_bytes(*bytes, "merge");
  const auto symbols = Symbols::read(*file);
  StackTable stacks;
  Log log;
  const auto summary = merge(*file, *symbols, stacks, {&log});
  EXPECT_TRUE(summary);
  return {log.text, *summary, log.place, log.sizes};
}

constexpr const char* kTable = R"(table base=1 path="p"
  location function="f" file="f.cc" line=1
  function location=0 sites=2
  site size=8 kind=1
  site size=8
)";

// A timer's send comes after its set, the next set after the sends of the one before; a call creates its goroutine.
TEST(Merge, TimersOrderStreams) {
  const Merged merged = merge_text(R"(chunk sync stream=1
  thread-start
  switch actor=2 run=1
  chan-send object=5 ticket=1 actor=timer run=1
  chan-recv object=5 ticket=1
  timer-stop object=6 ticket=3
  switch actor=3 run=1
chunk sync stream=2
  thread-start actor=1
  switch actor=1 run=1
  go child=2
  object object=5 kind=7
  object object=6 kind=7
  timer-set object=5 ticket=1
  timer-set object=5 ticket=2 sends=1
  timer-set object=6 ticket=1
  timer-call object=6 ticket=2 child=3
)");
  EXPECT_EQ(merged.text,
            "0:thread-start 1:thread-start 1:switch 1:go 1:object 1:object 1:timer-set 2:switch "
            "18446744073709551615:chan-send 2:chan-recv 1:timer-set 1:timer-set 1:timer-call 2:timer-stop 3:switch ");
  EXPECT_EQ(merged.summary.unordered, 0u);
}

TEST(Merge, TicketsOrderStreams) {
  const Merged merged = merge_text(R"(chunk sync stream=1
  thread-start
  switch actor=2 run=1
  lock object=5 ticket=3
  unlock object=5 ticket=4
chunk sync stream=2
  thread-start actor=1
  switch actor=1 run=1
  go child=2
  object object=5 kind=1
  lock object=5 ticket=1
  unlock object=5 ticket=2
)");
  EXPECT_EQ(merged.text,
            "0:thread-start 1:thread-start 1:switch 1:go 1:object 1:lock 1:unlock 2:switch 2:lock 2:unlock ");
  EXPECT_EQ(merged.summary.unordered, 0u);
}

TEST(Merge, ACompletedOperationWaitsForTheBlockAndAllowsTheNextRun) {
  const Merged merged = merge_text(R"(chunk sync stream=1
  thread-start actor=1
  switch actor=1 run=1
  object object=5 kind=3
  go child=2
  block site=4 reason=1 objects=[5]
  switch actor=1 run=2
chunk sync stream=2
  thread-start
  switch actor=2 run=1
  chan-send object=5 ticket=1
  chan-recv object=5 ticket=1 actor=1 run=1
)");
  EXPECT_EQ(merged.text,
            "1:thread-start 1:switch 1:object 1:go 1:block 0:thread-start 2:switch 2:chan-send 1:chan-recv 1:switch ");
  EXPECT_EQ(merged.summary.unordered, 0u);
}

TEST(Merge, AccessesLieBetweenTheirEvents) {
  const Merged merged = merge_text(std::string(kTable) + R"(chunk sync stream=1
  thread-start actor=1
  switch actor=1 run=1
  fence
  ready actor=1 run=1
  switch actor=2 run=1
chunk access stream=1 actor=1 ordinal=2
  marker 2
  stack pop=all push=[0:1]
  access address=0x10
  marker 3
  access site=1 address=0x20
  marker 5
  stack pop=all push=[0:1]
  access address=0x30
  access site=9 address=0x40
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch 1:w16 1:fence 1:r32 1:ready 2:switch 2:w48 ");
  EXPECT_EQ(merged.summary.accesses, 3u);
  EXPECT_EQ(merged.summary.unresolved, 1u);
}

constexpr const char* kGroups = R"(table base=1 path="p"
  location function="f" file="f.cc" line=1
  function location=0 sites=2 groups=2
  site size=8 kind=1
  site size=4
  group members=2
  group first-member=2 members=3
  group-member site=1
  group-member site=0 offset=-8
  group-member site=1
  group-member site=1 offset=2147483647
  group-member site=0 offset=-2147483648
chunk sync stream=1
  thread-start actor=1
  switch actor=1 run=1
chunk access stream=1 actor=1 ordinal=2
  marker 2
  stack pop=all push=[0:1]
)";

// Number 2 is the first group, 3 the second.
TEST(Merge, AGroupIsAllOfItsMembers) {
  const Merged merged = merge_text(std::string(kGroups) + R"(  access site=2 address=0x10
  access site=1 address=0x30
  strided site=2 address=0x100 count=4 stride=16
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch 1:r16 1:w8 1:r48 1:r256 1:w248 ");
  EXPECT_EQ(merged.summary.accesses, 5u);
  EXPECT_EQ(merged.summary.unresolved, 0u);
  EXPECT_EQ(merged.last_place.site, 0u);
}

// The address space is a ring, as it is for the program.
TEST(Merge, AMemberBeyondTheEndOfMemoryLiesAtItsBeginning) {
  const Merged merged = merge_text(std::string(kGroups) + R"(  access site=2 address=0x4
  access site=3 address=0x7fffffffffff
  strided site=2 address=0x4 count=2 stride=16
)");
  EXPECT_EQ(merged.text,
            "1:thread-start 1:switch 1:r4 1:w140737488355324 "
            "1:r140737488355327 1:r2147483646 1:w140735340871679 "
            "1:r4 1:w140737488355324 ");
}

TEST(Merge, WhatIsNoGroupIsCounted) {
  const Merged merged = merge_text(std::string(kGroups) + R"(  access site=4 address=0x10
  access site=65535 address=0x10
  access site=70000 address=0x10
  range site=2 address=0x10 bytes=64
  strided site=4 address=0x10 count=2 stride=8
  strided site=2 address=0x10 count=2 stride=9223372036854775807
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch ");
  EXPECT_EQ(merged.summary.accesses, 0u);
  EXPECT_EQ(merged.summary.unresolved, 7u);  // the last one's members one by one
}

// Backwards, beyond the beginning of memory.
TEST(Merge, AStridedRecordStaysInsideMemory) {
  const Merged merged = merge_text(std::string(kGroups) + R"(  strided site=0 address=0x20 count=4 stride=-16
  strided site=0 address=0x30 count=4 stride=-16
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch 1:w48 ");
  EXPECT_EQ(merged.summary.unresolved, 1u);
}

TEST(Merge, AMatrixStaysInsideMemory) {
  const Merged merged =
      merge_text(std::string(kGroups) + R"(  matrix site=0 address=0x20 count=3 stride=-8 rows=2 row_stride=-16
  matrix site=0 address=0x20 count=3 stride=-8 rows=3 row_stride=-16
  matrix site=0 address=0x20 count=3 stride=8 rows=0 row_stride=16
  matrix site=0 address=0x20 count=3 stride=8 rows=2 row_stride=4294967297
  matrix site=2 address=0x20 count=1 stride=8 rows=2 row_stride=9
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch 1:w0 1:w32 1:r32 1:w24 ");
  EXPECT_EQ(merged.summary.accesses, 4u);
  EXPECT_EQ(merged.summary.unresolved, 1u);  // the second; the third has no rows
}

TEST(Merge, ABitmapIsAllOfItsAccesses) {
  const Merged merged =
      merge_text(std::string(kGroups) + R"(  bitmap site=0 address=0x100 shift=4 bits=[0x5 0x8000000000000001]
  bitmap site=2 address=0x1000 shift=5 bits=[0x3]
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch 1:w256 1:w288 1:w1280 1:w2288 1:r4096 1:w4088 1:r4128 1:w4120 ");
  EXPECT_EQ(merged.summary.accesses, 8u);
}

TEST(Merge, ABitmapOfRangesJoinsThem) {
  const Merged merged =
      merge_text(std::string(kGroups) + R"(  bitmap site=0 address=0x100 ranges=1 shift=1 bits=[0xc000000000000006 0x1]
  bitmap site=0 address=0x200 ranges=1 bits=[0xffffffffffffffff 0xffffffffffffffff]
  bitmap site=2 address=0x200 ranges=1 bits=[0x1]
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch 1:w258 1:w380 1:w512 ");
  EXPECT_EQ(merged.sizes, (std::vector<std::uint64_t>{4, 6, 128}));
  EXPECT_EQ(merged.summary.unresolved, 1u);  // a group has no ranges
}

TEST(Merge, ABitmapStaysInsideMemory) {
  const Merged merged = merge_text(std::string(kGroups) + R"(  bitmap site=0 address=0x7fffffffffc0 bits=[0x1]
  bitmap site=0 address=0x7fffffffffc1 bits=[0x1]
  bitmap site=0 address=0x7ffffffffe00 shift=4 bits=[0x1]
  bitmap site=0 address=0xffff800000000000 bits=[0x1]
  bitmap site=0 address=0x1000 ranges=1 shift=7 bits=[0x1]
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch 1:w140737488355264 ");
  EXPECT_EQ(merged.summary.unresolved, 4u);
}

// More than are shown at once.
TEST(Merge, ManyGroupsAreAllShown) {
  std::string words;
  for (int i = 0; i < 1000; ++i) {
    words += "  access site=" + std::to_string(i % 4) + " address=0x1000\n";
  }
  const Merged merged = merge_text(kGroups + words);
  EXPECT_EQ(merged.summary.accesses, 250u * (1 + 1 + 2 + 3));
  EXPECT_EQ(std::ranges::count(merged.text, 'w'), 250 * 3 + 1);  // one is the switch's
}

TEST(Merge, AGapIsCrossedOnceAndCounted) {
  const Merged merged = merge_text(R"(chunk sync stream=1
  thread-start actor=1
  switch actor=1 run=1
  object object=5 kind=1
  lock object=5 ticket=3
  unlock object=5 ticket=4
chunk sync stream=2
  thread-start actor=9
  switch actor=9 run=1
  lock object=5 ticket=5
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch 1:object 9:thread-start 9:switch 1:lock 1:unlock 9:lock ");
  EXPECT_EQ(merged.summary.unordered, 1u);  // the thread that nobody created is none
}

// The child of a fork: what its parent did to an object is not waited for, and its own operations keep their order.
constexpr const char* kChild = R"(chunk sync stream=1
  thread-start actor=4
  switch actor=4 run=1
  thread-create child=5
  object object=70 kind=1
  inherited object=70
  lock object=70 ticket=14
  object object=71 kind=3 capacity=2
  inherited object=71
  chan-recv object=71 ticket=6
  chan-send object=71 ticket=8
  chan-recv object=71 closed=1
chunk sync stream=2
  thread-start actor=5
  switch actor=5 run=1
  unlock object=70 ticket=13
  atomic address=8 size=8 stripe=3 ticket=90
  alloc address=8 size=8 stripe=7 ticket=6
)";

TEST(Merge, AForksChildGoesOnWhereItsParentWas) {
  const Merged merged = merge_text(std::string("header parent=1 fork=1\n") + kChild);
  EXPECT_EQ(merged.text,
            "4:thread-start 4:switch 4:thread-create 4:object 4:inherited 5:thread-start 5:switch 5:unlock 5:atomic "
            "5:alloc 4:lock 4:object 4:inherited 4:chan-recv 4:chan-send 4:chan-recv ");
  EXPECT_EQ(merged.summary.unordered, 0u);
  EXPECT_GT(merge_text(kChild).summary.unordered, 0u);  // nobody's child waits for tickets from 1 on
}

TEST(Merge, AMissingChunkIsCountedAndItsActorGoesOn) {
  const Merged merged = merge_text(R"(chunk sync stream=1
  thread-start actor=1
  switch actor=1 run=1
chunk sync stream=1 sequence=2 actor=7 ordinal=9
  fence
)");
  EXPECT_EQ(merged.text, "1:thread-start 1:switch 7:fence ");
  EXPECT_EQ(merged.summary.unordered, 1u);
}

TEST(Merge, OnBehalfHappensWhereTheActorBlocked) {
  const Merged merged = merge_text(R"(chunk sync stream=1
  thread-start actor=1
  switch actor=1 run=1
  object object=5 kind=4
  block site=4 reason=10 objects=[5]
chunk sync stream=2
  thread-start actor=2
  switch actor=2 run=1
  wg-wait object=5 ticket=1 actor=1 run=1 site=6
)");
  EXPECT_EQ(merged.last_place.site, 4u);
}

}  // namespace
}  // namespace gordian::analysis
