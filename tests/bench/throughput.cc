// SPDX-License-Identifier: Apache-2.0
// How fast the analyzer is: items are events plus accesses of the trace, per second of one core. `merge` decodes and
// orders, `order` adds the happens-before detector, `analyze` is everything that `gordian analyze` does before it
// writes its report.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "analyzer/detect/analyze.h"
#include "analyzer/detect/happens_before.h"
#include "analyzer/ingest/merge.h"
#include "analyzer/model/access_history.h"
#include "analyzer/model/suspect_finder.h"
#include "runtime/trace/decode.h"
#include "runtime/trace/validate.h"
#include "tests/bench/packing.h"
#include "tests/bench/traces.h"

namespace gordian::bench {
namespace {

using analysis::Access;
using analysis::Observer;
using analysis::Step;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "throughput: %s\n", why.c_str());
  std::exit(1);
}

struct Loaded {
  trace::TraceFile file;
  std::uint64_t items;
};

// Checked: a trace that breaks a rule, or one with findings, would measure something else.
Loaded load(const std::function<Trace()>& make) {
  Trace trace = make();
  auto file = trace::TraceFile::from_bytes(std::move(trace.bytes), "bench");
  if (!file) {
    fail(file.error().what);
  }
  const auto violation = trace::validate(*file);
  if (!violation || *violation) {
    fail(violation ? violation->value().what : violation.error().what);
  }
  const auto analysis = analysis::analyze(*file);
  if (!analysis || !analysis->findings.empty() || analysis->merge.accesses != trace.accesses ||
      analysis->merge.unordered != 0) {
    fail("the trace has findings or gaps");
  }
  return {std::move(*file), trace.events + trace.accesses};
}

class Nobody : public Observer {
 public:
  void step(const Step& step) override { benchmark::DoNotOptimize(&step); }
  [[nodiscard]] bool wants_accesses() const override { return true; }
  void access(const Access& access) override { benchmark::DoNotOptimize(&access); }
};

class NoRaces : public analysis::RaceSink {
 public:
  void race(const analysis::PastAccess& /*earlier*/, const analysis::PastAccess& /*later*/, std::uint64_t /*address*/,
            std::uint64_t /*size*/, std::uint8_t /*bytes*/) override {
    fail("a race in a trace that has none");
  }
};

void merge(const trace::TraceFile& file) {
  Nobody nobody;
  analysis::StackTable stacks;
  const auto symbols = analysis::Symbols::read(file);
  benchmark::DoNotOptimize(analysis::merge(file, *symbols, stacks, {&nobody}));
}

constexpr std::uint64_t kMemory = std::uint64_t{8} << 30;

void merge_for(const trace::TraceFile& file, analysis::AccessTracker& tracker) {
  const analysis::World world;  // without locksets
  analysis::StackTable stacks;
  analysis::HappensBefore order(world, stacks, tracker);
  const auto symbols = analysis::Symbols::read(file);
  benchmark::DoNotOptimize(analysis::merge(file, *symbols, stacks, {&order}));
}

void first_look(const trace::TraceFile& file) {
  analysis::SuspectFinder suspects(kMemory);
  merge_for(file, suspects);
}

void exact(const trace::TraceFile& file) {
  NoRaces sink;
  analysis::AccessHistory history(sink, kMemory);
  merge_for(file, history);
}

void analyze(const trace::TraceFile& file) { benchmark::DoNotOptimize(analysis::analyze(file)); }

void measure(const std::string& name, const std::function<Trace()>& make) {
  const auto stage = [&](const char* what, void (*run)(const trace::TraceFile&)) {
    benchmark::RegisterBenchmark((name + "/" + what).c_str(), [make, run](benchmark::State& state) {
      const Loaded loaded = load(make);
      for ([[maybe_unused]] auto _ : state) {
        run(loaded.file);
      }
      state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(loaded.items));
    })->Unit(benchmark::kMillisecond);
  };
  stage("merge", merge);
  stage("first_look", first_look);
  stage("exact", exact);
  stage("analyze", analyze);
}

}  // namespace
}  // namespace gordian::bench

int main(int argc, char** argv) {
  using gordian::bench::measure;
  measure("locks", [] { return gordian::bench::locks(500'000); });
  measure("accesses", [] { return gordian::bench::accesses(4'000'000); });
  measure("loops", [] { return gordian::bench::loops(8'000'000, 200'000); });
  measure("goroutines_of_100", [] { return gordian::bench::goroutines(50'000, 100); });
  measure("goroutines_of_5000", [] { return gordian::bench::goroutines(10'000, 5'000); });
  measure("atomics", [] { return gordian::bench::atomics(1'000'000); });
  gordian::bench::measure_packing();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
