// SPDX-License-Identifier: Apache-2.0
// Names from the tables of a trace: inlined frames, internal ones, globals with members and elements, objects of calls.
#include "analyzer/ingest/symbols.h"

#include <gtest/gtest.h>

#include "runtime/trace/builder.h"

namespace gordian::analysis {
namespace {

using trace::AccessKind;

class SymbolsTest : public testing::Test {
 protected:
  void SetUp() override {
    trace::UnitBuilder& unit = trace_.units();
    worker_ = unit.function("worker", "/src/w.cc", 10);
    store_ = unit.access(12, "Account::balance", AccessKind::write, 8, trace::NameKind::field);
    send_ = unit.call(14, "gordian::Chan<int>::send", "jobs");
    library_ = unit.function("gordian::Chan<int>::send", "/usr/include/gordian/chan.h", 90);
    inner_ = unit.call(95, "rt", "impl_");
    unit.global("counter", 0x1000, 8, "/src/w.cc", 2);
    unit.global("bank", 0x2000, 64, "/src/w.cc", 3);
    unit.member("bank.bob", 0, 32);
    unit.member("bank.bob.balance", 8, 8);
    unit.member("bank.alice", 32, 32);
    unit.global("table", 0x3000, 40, "/src/w.cc", 4, 4);
    unit.global("forks", 0x4000, 120, "/src/w.cc", 5, 24);
    unit.member(".mu", 8, 16);
    unit.member(".mu.word", 16, 8);
    unit.global("town", 0x5000, 168, "/src/w.cc", 6);
    unit.member("town.name", 0, 8);
    unit.member("town.banks", 8, 120, 40, 3);
    unit.member(".mu", 0, 8);
    unit.member(".rows", 8, 32, 16, 1);
    unit.member(".low", 0, 8);
    unit.member("town.size", 128, 8);
    trace::UnitTable inlined = unit.table();
    inlined.function_base = 100;
    inlined.locations[1].inlined_at = 1 + 0;  // line 12 is inlined into line 10
    trace_.add_table(inlined);
    const auto file = trace::TraceFile::from_bytes(trace_.bytes(), "symbols");
    auto symbols = Symbols::read(*file);
    ASSERT_TRUE(symbols) << symbols.error().what;
    symbols_ = std::move(*symbols);
  }

  trace::TraceBuilder trace_;
  FunctionId worker_, library_;
  std::uint32_t store_ = 0, send_ = 0, inner_ = 0;
  Symbols symbols_;
  StackTable stacks_;
};

TEST_F(SymbolsTest, ResolvesStacksInnermostFirst) {
  const StackId worker = stacks_.push(StackId(), 0, worker_);
  const StackId inside = stacks_.push(worker, send_, library_);
  const Stack stack = symbols_.resolve(stacks_, {inside, inner_, false});
  ASSERT_EQ(stack.size(), 2u);
  EXPECT_EQ(stack[0].line, 95u);
  EXPECT_TRUE(stack[0].internal);
  EXPECT_EQ(stack[1].function, "worker");
  EXPECT_EQ(stack[1].line, 14u);
  EXPECT_FALSE(stack[1].internal);
  EXPECT_EQ(symbols_.call_object(stacks_, {inside, inner_, false}), "jobs");
}

TEST_F(SymbolsTest, NamesElementsOfArraysInsideAGlobal) {
  EXPECT_EQ(symbols_.global_at(0x5000).name, "town.name");
  EXPECT_EQ(symbols_.global_at(0x5008 + 2 * 40).name, "town.banks[2].mu");
  EXPECT_EQ(symbols_.global_at(0x5008 + 40 + 8 + 16).name, "town.banks[1].rows[1].low");
  EXPECT_EQ(symbols_.global_at(0x5008 + 40 + 8 + 24).name, "town.banks[1].rows[1]");
  EXPECT_EQ(symbols_.global_at(0x5000 + 128).name, "town.size");
  EXPECT_EQ(symbols_.global_at(0x5000 + 136).name, "town");
}

TEST_F(SymbolsTest, UnknownSitesFallBackToTheFunction) {
  const StackId worker = stacks_.push(StackId(), 0, worker_);
  EXPECT_EQ(symbols_.resolve(stacks_, {worker, 0, false})[0].line, 10u);
  EXPECT_EQ(symbols_.resolve(stacks_, {worker, 77, true})[0].line, 10u);
  const StackId unknown = stacks_.push(worker, send_, FunctionId(55));
  EXPECT_EQ(symbols_.resolve(stacks_, {unknown, 1, false}).size(), 1u);
}

TEST_F(SymbolsTest, AnAccessWithoutALineTakesTheNearestOfTheSameVariable) {
  trace::TraceBuilder trace;
  const FunctionId f = trace.units().function("f", "/src/f.cc", 1);
  trace.units().access(0, "x", AccessKind::read, 4);
  trace.units().access(7, "y", AccessKind::read, 4);
  trace.units().access(9, "x", AccessKind::write, 4);
  trace.units().access(0, "z", AccessKind::write, 4);
  const auto file = trace::TraceFile::from_bytes(trace.bytes(), "lines");
  const auto symbols = Symbols::read(*file);
  const StackId stack = stacks_.push(StackId(), 0, f);
  EXPECT_EQ(symbols->resolve(stacks_, {stack, 0, true})[0].line, 9u);
  EXPECT_EQ(symbols->resolve(stacks_, {stack, 3, true})[0].line, 1u);
}

TEST_F(SymbolsTest, ExpandsInlinedFrames) {
  const StackId worker = stacks_.push(StackId(), 0, FunctionId(100));
  const Stack stack = symbols_.resolve(stacks_, {worker, store_, true});
  ASSERT_EQ(stack.size(), 2u);
  EXPECT_EQ(stack[0].line, 12u);
  EXPECT_EQ(stack[1].line, 10u);
}

TEST_F(SymbolsTest, KnowsAccessSites) {
  const SiteInfo* site = symbols_.access_site(worker_, store_);
  ASSERT_NE(site, nullptr);
  EXPECT_EQ(site->name, "Account::balance");
  EXPECT_EQ(site->kind, AccessKind::write);
  EXPECT_EQ(symbols_.access_site(worker_, 1), nullptr);
  EXPECT_EQ(symbols_.access_site(FunctionId(50), 0), nullptr);
}

TEST_F(SymbolsTest, NamesGlobalsMembersAndElements) {
  EXPECT_EQ(symbols_.global_at(0x1007).name, "counter");
  EXPECT_EQ(symbols_.global_at(0x1007).declared.line, 2u);
  EXPECT_EQ(symbols_.global_at(0x1008).name, "");
  EXPECT_EQ(symbols_.global_at(0xfff).name, "");
  EXPECT_EQ(symbols_.global_at(0x2008).name, "bank.bob.balance");
  EXPECT_EQ(symbols_.global_at(0x2010).name, "bank.bob");
  EXPECT_EQ(symbols_.global_at(0x2028).name, "bank.alice");
  const ObjectRef element = symbols_.global_at(0x300d);
  EXPECT_EQ(element.name, "table[3]");
  EXPECT_EQ(element.address, 0x300cu);
  EXPECT_EQ(element.size, 4u);
  const ObjectRef fork = symbols_.global_at(0x4000 + 2 * 24 + 8);
  EXPECT_EQ(fork.name, "forks[2].mu");
  EXPECT_EQ(fork.address, 0x4038u);
  EXPECT_EQ(fork.size, 16u);
  EXPECT_EQ(symbols_.global_at(0x4000 + 2 * 24).name, "forks[2]");
  EXPECT_EQ(symbols_.global_at(0x4000 + 4 * 24 + 16).name, "forks[4].mu.word");
}

// The user's lambda is inlined into the library's function that runs it: the name at the call inside is the user's own.
TEST_F(SymbolsTest, NamesTheObjectOfACallThatIsInlinedIntoTheLibrary) {
  trace::TraceBuilder trace;
  trace::UnitBuilder& unit = trace.units();
  unit.function("gordian::detail::run_closure", "/usr/include/gordian/go.h", 60);
  unit.call(17, "gordian::detail::channel_send", "answers");
  unit.call(64, "gordian::detail::wait_group_add", "state_");
  trace::UnitTable table = unit.table();
  table.function_base = 100;
  trace::SiteLocation& body = table.locations[table.calls[0].location];
  body.function = table.add_text("first_answer::{lambda#1}");
  body.file = table.add_text("/src/answers.cc");
  body.inlined_at = 1 + table.functions[0].location;
  trace.add_table(table);
  const auto file = trace::TraceFile::from_bytes(trace.bytes(), "inlined");
  const auto symbols = Symbols::read(*file);
  const StackId stack = stacks_.push(StackId(), 0, FunctionId(100));
  EXPECT_EQ(symbols->call_object(stacks_, {stack, 1, false}), "answers");
  EXPECT_EQ(symbols->call_object(stacks_, {stack, 2, false}), "");
}

TEST_F(SymbolsTest, ACallAboutSeveralObjectsNamesNone) {
  trace::TraceBuilder trace;
  const FunctionId f = trace.units().function("f", "/src/f.cc", 1);
  const std::uint32_t select = trace.units().call(2, "gordian::select<gordian::RecvCase<int>>", "first");
  const std::uint32_t both = trace.units().call(3, "std::lock<std::mutex, std::mutex>", "a");
  const std::uint32_t guard = trace.units().call(4, "std::lock_guard<std::mutex>::lock_guard", "a");
  const auto file = trace::TraceFile::from_bytes(trace.bytes(), "several");
  const auto symbols = Symbols::read(*file);
  const StackId stack = stacks_.push(StackId(), 0, f);
  EXPECT_EQ(symbols->call_object(stacks_, {stack, select, false}), "");
  EXPECT_EQ(symbols->call_object(stacks_, {stack, both, false}), "");
  EXPECT_EQ(symbols->call_object(stacks_, {stack, guard, false}), "a");
}

}  // namespace
}  // namespace gordian::analysis
