// SPDX-License-Identifier: Apache-2.0
// Explanations and hints follow from the facts, and every text keeps to the wording guide: lower case, no full stop.
#include "analyzer/report/words.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/finding/edge_phrases.h"
#include "analyzer/finding/gist.h"
#include "analyzer/finding/phrases.h"
#include "analyzer/report/misuse_words.h"
#include "tests/unit/drawing/sample_findings.h"

namespace gordian::analysis::report {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Words, EveryFindingIsExplainedInTheHouseStyle) {
  for (const Finding& finding : samples::all()) {
    for (const std::string& text : {explanation_of(finding), hint_of(finding), gist_of(finding)}) {
      ASSERT_FALSE(text.empty()) << finding.id;
      EXPECT_NE(text.back(), '.') << text;
      EXPECT_FALSE(has(text, "  ")) << text;
    }
    EXPECT_FALSE(std::isupper(static_cast<unsigned char>(explanation_of(finding).front())) != 0 &&
                 finding.object.name.empty());
  }
}

TEST(Words, OfTheDetectorAreKept) {
  Finding race = samples::race();
  race.explanation = "because";
  race.hint = "do this";
  EXPECT_EQ(explanation_of(race), "because");
  EXPECT_EQ(hint_of(race), "do this");
}

TEST(Words, ARaceNamesTheLocksOfBothSides) {
  Finding race = samples::race();
  EXPECT_TRUE(has(explanation_of(race), "neither holds a lock"));
  EXPECT_TRUE(has(hint_of(race), "make counter a std::atomic"));

  const Hold a{samples::object(trace::ObjectKind::mutex, 3, "a"), trace::LockMode::exclusive, {}};
  const Hold b{samples::object(trace::ObjectKind::mutex, 4, "b"), trace::LockMode::exclusive, {}};
  race.actors[0].holds = {a};
  EXPECT_TRUE(has(explanation_of(race), "g7 holds a, g8 holds no lock")) << explanation_of(race);
  EXPECT_TRUE(has(hint_of(race), "take a in g8 too (counter.cc:12)")) << hint_of(race);
  race.actors[1].holds = {b};
  EXPECT_TRUE(has(explanation_of(race), "no lock in common"));

  const Hold shared{samples::object(trace::ObjectKind::rwmutex, 5, "rw"), trace::LockMode::shared, {}};
  race.actors[0].holds = race.actors[1].holds = {shared};
  EXPECT_TRUE(has(explanation_of(race), "both hold rw, but readers do not exclude each other"));
  EXPECT_TRUE(has(hint_of(race), "for writing"));
}

TEST(Words, AnAtomicSideAsksForAnAtomicOtherSide) {
  Finding race = samples::race();
  race.actors[0].role = Role::atomically_writes;
  race.actors[1].role = Role::reads;
  EXPECT_TRUE(has(explanation_of(race), "an atomic access protects nothing from a plain one"));
  EXPECT_EQ(hint_of(race), "make the access of g8 atomic as well");
}

TEST(Words, AParentIsToldToWaitForItsChild) {
  Finding race = samples::race_with_parent();
  race.actors[1].holds.clear();
  EXPECT_TRUE(has(hint_of(race), "let main wait for g7 first")) << hint_of(race);
}

TEST(Words, DeadlocksGetTheHintOfTheirShape) {
  EXPECT_TRUE(has(hint_of(samples::ab_ba()), "same order everywhere"));
  EXPECT_TRUE(has(hint_of(samples::self_lock()), "unlock before the second lock"));
  EXPECT_TRUE(has(hint_of(samples::mixed()), "release Cache::mu_ before g12 blocks at cache.cc:143"));
  EXPECT_TRUE(has(explanation_of(samples::all_asleep()), "channel results: no goroutine left that receives"));
  EXPECT_TRUE(has(explanation_of(samples::all_asleep()), "every goroutine is asleep"));
  EXPECT_TRUE(has(hint_of(samples::nil_channel()), "make_chan"));
  EXPECT_FALSE(has(hint_of(samples::all_asleep()), "same order"));
}

TEST(Words, NobodyHasMadeTheFirstMove) {
  Finding asleep = samples::all_asleep();
  for (GraphEdge& edge : asleep.graph.edges) {
    if (edge.kind == EdgeKind::wake_nobody) edge.unserved = true;
  }
  EXPECT_TRUE(has(explanation_of(asleep), "channel results: nobody has received from it so far"));
  EXPECT_TRUE(has(hint_of(asleep), "receive from results in another goroutine")) << hint_of(asleep);
  for (GraphEdge& edge : asleep.graph.edges) edge.sends = false;
  EXPECT_TRUE(has(explanation_of(asleep), "channel results: nobody has sent on it so far"));
  EXPECT_TRUE(has(hint_of(asleep), "start the goroutine that sends on results")) << hint_of(asleep);
  EXPECT_FALSE(has(hint_of(asleep), "close"));
}

TEST(Words, AThreadOfALockOrderIsCalledAThread) {
  Finding order = samples::lock_order();
  GraphEdge& edge = order.graph.edges[guilty_steps(order.graph).front()];
  edge.actor = ActorId{2};
  edge.actor_kind = ActorKind::thread;
  EXPECT_TRUE(has(sentence_of(order.graph, edge), "thread 2 requests")) << sentence_of(order.graph, edge);
}

TEST(Words, AReadLockTakenTwiceBehindAWriterIsNoMatterOfOrder) {
  Finding deadlock = samples::ab_ba();
  ActorRef& reader = deadlock.actors[0];
  reader.reason = trace::WaitReason::rwmutex_rlock;
  reader.objects = {samples::object(trace::ObjectKind::rwmutex, 5, "rw")};
  reader.holds = {{reader.objects[0], trace::LockMode::shared, {}}};
  EXPECT_TRUE(has(hint_of(deadlock), "lock it once")) << hint_of(deadlock);
  EXPECT_TRUE(has(explanation_of(deadlock), "a writer that comes between the two"));
}

TEST(Words, WhatHasNoNameIsSaidWithItsPlace) {
  ObjectRef channel = samples::object(trace::ObjectKind::channel, 5, "");
  channel.created = {{"main", "/src/app/main.cc", 12}};
  EXPECT_EQ(findable_name_of(channel), "channel #5 (first used at main.cc:12)");
  channel.name = "jobs";
  EXPECT_EQ(findable_name_of(channel), "channel jobs");
}

TEST(Words, ALeakedThreadIsNoGoroutine) {
  Finding leaked = samples::leaked();
  EXPECT_EQ(headline_of(leaked), "leaked goroutine");
  for (ActorRef& actor : leaked.actors) actor.kind = ActorKind::thread;
  EXPECT_EQ(headline_of(leaked), "leaked thread");
}

TEST(Words, ReadersHangBehindAWriter) {
  Finding order = samples::lock_order();
  order.subkind = "behind-writer";
  EXPECT_TRUE(has(explanation_of(order), "a waiting writer keeps new readers out"));
  order.subkind = "recursive-read-lock";
  order.graph.nodes.resize(1);
  order.graph.edges.resize(1);
  order.graph.edges[0].to = 0;
  EXPECT_EQ(gist_of(order), "mutex a is locked again by one who holds it");
  EXPECT_TRUE(has(explanation_of(order), "a writer that comes between the two"));
  EXPECT_FALSE(has(hint_of(order), "same order"));
}

TEST(Words, InnocentWaitersAreNotCounted) {
  Finding deadlock = samples::pool(50);
  deadlock.actors.push_back(samples::goroutine(20, "Worker::serve", "/src/app/server.cc", 88));
  EXPECT_EQ(gist_of(deadlock), "g4 Cache::put waits for what it holds itself");
}

TEST(Words, EveryMisuseOfTheRuntimeHasARuleAndAHint) {
  const std::string neutral = misuse_rule("no such subkind");
#define GORDIAN_PANIC(number, name, fatal, subkind, text)  \
  if (!std::string_view(subkind).empty()) {                \
    EXPECT_NE(misuse_rule(subkind), neutral) << subkind;   \
    EXPECT_FALSE(misuse_hint(subkind).empty()) << subkind; \
  }
#include "runtime/trace/panics.def"
#undef GORDIAN_PANIC
}

TEST(Phrases, TagsCountPerKind) {
  const std::vector<Finding> findings{samples::race(), samples::ab_ba(), samples::race(), samples::mixed(),
                                      samples::leaked()};
  EXPECT_EQ(tag_of(findings, 0), "R1");
  EXPECT_EQ(tag_of(findings, 2), "R2");
  EXPECT_EQ(tag_of(findings, 3), "D2");
  EXPECT_EQ(tag_of(findings, 4), "G1");
}

TEST(Phrases, NamesAndNumbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(seconds(0), "");
  EXPECT_EQ(seconds(900), "1 us");
  EXPECT_EQ(seconds(13'400'000), "13 ms");
  EXPECT_EQ(seconds(2'100'000'000), "2.1 s");
  ActorRef thread;
  thread.id = ActorId{4};
  thread.kind = ActorKind::thread;
  EXPECT_EQ(name_of(thread), "thread 4");
  EXPECT_EQ(name_of(samples::goroutine(7, "worker", "/a.cc", 1)), "g7 worker");
  EXPECT_EQ(name_of(samples::object(trace::ObjectKind::channel, 5, "")), "channel #5");
  EXPECT_EQ(name_of(samples::object(trace::ObjectKind::channel, 0, "")), "nil channel");
  ObjectRef heap;
  heap.object_class = ObjectClass::heap;
  heap.size = 16;
  EXPECT_EQ(name_of(heap), "heap memory of 16 bytes");
}

TEST(Phrases, StepsAreSortedByNumberThenLetter) {
  WaitGraph graph;
  for (const char* step : {"10", "2b", "2a", "1", "3b", "", "3a"}) {
    GraphEdge edge;
    edge.guilty = !std::string(step).empty();
    edge.step = step;
    graph.edges.push_back(edge);
  }
  EXPECT_EQ(guilty_steps(graph), (std::vector<std::size_t>{3, 2, 1, 6, 4, 0}));
}

TEST(Phrases, ARingClosesAndHasNoBranches) {
  EXPECT_TRUE(is_ring(samples::ab_ba().graph));
  EXPECT_TRUE(is_ring(samples::mixed().graph));
  EXPECT_TRUE(is_ring(samples::self_lock().graph));
  EXPECT_FALSE(is_ring(samples::all_asleep().graph));
  EXPECT_FALSE(is_ring(samples::stuck_select().graph));
  EXPECT_FALSE(is_ring(WaitGraph{}));
}

}  // namespace
}  // namespace gordian::analysis::report
