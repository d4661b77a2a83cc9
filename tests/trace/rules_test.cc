// SPDX-License-Identifier: Apache-2.0
// One good trace as text; each case changes a line or two of it, and the validator must name exactly the rule that this
// breaks, at the changed event. Rule 3 is broken in bytes.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "runtime/trace/builder.h"
#include "runtime/trace/text.h"
#include "runtime/trace/validate.h"

namespace gordian::trace {
namespace {

constexpr const char* kGood = R"(gordian-trace 1
chunk sync stream=1
  thread-start actor=1
  switch actor=1 run=1
  stack pop=all push=[0:1]
  object object=5 kind=2
  object object=6 kind=3 capacity=1
  object object=7 kind=4
  object object=8 kind=5
  go child=2
  lock object=5 ticket=1
  block reason=12
chunk sync stream=1 sequence=1 actor=0 ordinal=10
  ready actor=1 run=1
  switch actor=1 run=2
  unlock object=5 ticket=2
  wg-add object=7 ticket=1 delta=1 value=1
  once-begin object=8 ticket=1
  once-end object=8 ticket=2
  once-wait object=8 ticket=3
  block reason=1 objects=[6]
chunk access stream=1 actor=1 ordinal=2
  marker 3
  stack pop=all push=[0:1]
  access address=0x10
  marker 9
  access address=0x10
chunk sync stream=2
  thread-start
  switch actor=2 run=1
  chan-send object=6 ticket=1
  chan-recv object=6 ticket=1 actor=1 run=2
  wg-add object=7 ticket=2 delta=-1
  wg-wait object=7 ticket=3
  lock object=5 ticket=3 mode=1
  unlock object=5 ticket=4 mode=1
  chan-close object=6
  chan-recv object=6 closed=1
  alloc address=0x4000 size=8 ticket=1
  atomic address=0x10 size=8 ticket=1
  object object=9 kind=6
  cond-signal object=9 ticket=1 woken=1
  cond-wait object=9 ticket=2 signal=1
  object object=10 kind=7
  timer-set object=10 ticket=1
  timer-call object=10 ticket=2 child=3
  object object=11 kind=8 capacity=2
  sem-acquire object=11 ticket=1 permits=2
  sem-release object=11 ticket=2 permits=2
  go-end
  switch actor=1 run=3
  exit
  thread-end
end exited
)";

struct Case {
  const char* name;
  Rule rule;
  const char* find;
  const char* replace;
};

std::string changed(const Case& test) {
  std::string text = kGood;
  const std::size_t at = text.find(test.find);
  EXPECT_NE(at, std::string::npos) << test.find;
  return text.replace(at, std::strlen(test.find), test.replace);
}

std::optional<Violation> check(const std::string& text) {
  const auto bytes = from_text(text, "rules");
  EXPECT_TRUE(bytes) << bytes.error().where << bytes.error().what;
  const auto file = TraceFile::from_bytes(*bytes, "rules");
  EXPECT_TRUE(file);
  const auto violation = validate(*file);
  EXPECT_TRUE(violation);
  return *violation;
}

const Case kCases[] = {
    {"no_end", Rule::whole_file, "end exited\n", ""},
    {"sequence", Rule::chunk_sequence, "sequence=1 actor=0", "sequence=2 actor=0"},
    {"ordinal", Rule::first_ordinal, "ordinal=10", "ordinal=9"},
    {"no_thread_start", Rule::thread_start, "  thread-start actor=1\n", "  exit\n"},
    {"after_thread_end", Rule::thread_start, "  thread-end\n", "  thread-end\n  exit\n"},
    {"stack", Rule::stack_depth, "  unlock object=5 ticket=2\n", "  stack pop=1 push=[]\n  unlock object=5 ticket=2\n"},
    {"marker_back", Rule::marker_order, "  marker 9\n", "  marker 2\n"},
    {"marker_beyond", Rule::marker_order, "  marker 9\n", "  marker 90\n"},
    {"bare_access", Rule::access_stack, "  marker 3\n  stack pop=all push=[0:1]\n", "  marker 3\n"},
    {"created_twice", Rule::created_once, "  go child=2\n", "  go child=2\n  go child=2\n"},
    {"never_created", Rule::created_once, "  go child=2\n", "  fence\n"},
    {"run_twice", Rule::run_order, "  switch actor=1 run=3\n", "  switch actor=1 run=2\n"},
    {"run_gap", Rule::run_order, "  switch actor=1 run=3\n", "  switch actor=1 run=4\n"},
    {"not_blocked", Rule::blocked_first, "  block reason=1 objects=[6]\n", ""},
    {"ready_twice", Rule::ready_once, "  exit\n", "  ready actor=1 run=2\n  exit\n"},
    {"never_ready", Rule::ready_once, "ticket=1 actor=1 run=2", "ticket=1"},
    {"introduced_twice", Rule::introduced, "  exit\n", "  object object=5 kind=1\n  exit\n"},
    {"never_introduced", Rule::introduced, "  object object=7 kind=4\n", "  fence\n"},
    {"ticket_gap", Rule::tickets, "unlock object=5 ticket=2", "unlock object=5 ticket=9"},
    {"ticket_twice", Rule::tickets, "unlock object=5 ticket=2", "unlock object=5 ticket=1"},
    {"send_ticket", Rule::tickets, "chan-send object=6 ticket=1", "chan-send object=6 ticket=2"},
    {"memory_ticket", Rule::tickets, "size=8 ticket=1\n  atomic", "size=8 ticket=2\n  atomic"},
    {"atomic_ticket", Rule::tickets, "atomic address=0x10 size=8 ticket=1", "atomic address=0x10 size=8"},
    {"taken_twice", Rule::lock_free, "unlock object=5 ticket=2", "lock object=5 ticket=2"},
    {"wrong_mode", Rule::lock_held, "unlock object=5 ticket=2", "unlock object=5 ticket=2 mode=1"},
    {"out_of_nothing", Rule::channel_balance, "  chan-send object=6 ticket=1\n", ""},
    {"closed_twice", Rule::closed_once, "  chan-close object=6\n", "  chan-close object=6\n  chan-close object=6\n"},
    {"never_closed", Rule::closed_once, "  chan-close object=6\n", ""},
    {"counter", Rule::counter, "delta=1 value=1", "delta=1 value=2"},
    {"unsignalled", Rule::signalled, "ticket=2 signal=1", "ticket=2 signal=7"},
    {"signalled_twice", Rule::signalled, "ticket=1 woken=1", "ticket=1"},
    {"not_set", Rule::timer_set, "timer-set object=10 ticket=1", "timer-stop object=10 ticket=1"},
    {"set_by_nobody", Rule::timer_set, "chan-send object=6 ticket=1", "chan-send object=6 ticket=1 actor=timer run=1"},
    {"too_many_permits", Rule::permits, "ticket=1 permits=2", "ticket=1 permits=3"},
    {"over_release", Rule::permits, "ticket=2 permits=2", "ticket=2 permits=3"},
    {"early_wait", Rule::counter, "ticket=2 delta=-1", "ticket=2 value=1"},
    {"begun_twice", Rule::once_order, "once-end object=8", "once-begin object=8"},
    {"early_return", Rule::once_order, "once-end object=8", "once-wait object=8"},
};

TEST(Rules, TheGoodTraceKeepsThemAll) {
  const auto violation = check(kGood);
  EXPECT_FALSE(violation) << rule_text(violation->rule) << ": " << violation->what;
}

TEST(Rules, EachBrokenOneIsNamed) {
  std::set<Rule> covered = {Rule::decodable};
  for (const Case& test : kCases) {
    const auto violation = check(changed(test));
    ASSERT_TRUE(violation) << test.name;
    EXPECT_EQ(violation->rule, test.rule) << test.name << ": " << violation->what;
    EXPECT_GT(violation->offset, 0u) << test.name;
    covered.insert(test.rule);
  }
#define GORDIAN_RULE(number, name, text) EXPECT_TRUE(covered.contains(Rule::name)) << text;
#include "runtime/trace/rules.def"
#undef GORDIAN_RULE
}

constexpr const char* kChild = R"(header parent=9 fork=3
chunk sync stream=1
  thread-start actor=4
  switch actor=4 run=1
  object object=70 kind=1
  inherited object=70
  unlock object=70 ticket=12
  lock object=70 ticket=13
  object object=71 kind=3 capacity=4
  inherited object=71
  chan-recv object=71 ticket=5
  chan-recv object=71 closed=1
  alloc address=0x4000 size=8 ticket=31
end exited
)";

// What a fork's child goes on with is in the middle of something; a sequence still has no gaps, and nobody else's trace
// may begin in the middle.
TEST(Rules, AForksChildGoesOnWhereItsParentWas) {
  const std::string child = std::string("gordian-trace 1\n") + kChild;
  const auto kept = check(child);
  EXPECT_FALSE(kept) << rule_text(kept->rule) << ": " << kept->what;
  const auto replaced = [&](const char* find, const char* replace) {
    std::string text = child;
    return check(text.replace(text.find(find), std::strlen(find), replace));
  };
  EXPECT_EQ(replaced("ticket=13", "ticket=14")->rule, Rule::tickets);
  EXPECT_EQ(replaced("  inherited object=70\n", "")->rule, Rule::tickets);
  EXPECT_TRUE(replaced(" fork=3", ""));
}

TEST(Rules, AnUnknownKindIsNamedWithItsOffset) {
  TraceBuilder trace;
  FileChunk chunk;
  chunk.family = Family::sync;
  chunk.stream = 1;
  trace.add_chunk(chunk, {static_cast<std::uint8_t>(EventKind::ThreadStart), 0, 0, 150});
  const auto file = TraceFile::from_bytes(trace.bytes(), "bytes");
  const auto violation = validate(*file);
  ASSERT_TRUE(violation && *violation);
  EXPECT_EQ((*violation)->rule, Rule::decodable);
  EXPECT_EQ((*violation)->offset, file->chunks().front().offset + sizeof(FileChunk) + 3);
}

TEST(Rules, FormatListsThemAll) {
  std::ifstream in(FORMAT_MD);
  std::stringstream format;
  format << in.rdbuf();
#define GORDIAN_RULE(number, name, text) \
  EXPECT_NE(format.str().find(std::to_string(number) + ". " text "\n"), std::string::npos) << text;
#include "runtime/trace/rules.def"
#undef GORDIAN_RULE
}

}  // namespace
}  // namespace gordian::trace
