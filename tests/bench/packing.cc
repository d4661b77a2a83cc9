// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/packing.h"

#include <benchmark/benchmark.h>

#include <vector>

#include "runtime/trace/packed_words.h"
#include "runtime/trace/ring_layout.h"
#include "tests/support/access_words.h"

namespace gordian::bench {
namespace {

using Words = std::vector<std::uint64_t>;

// So many that no branch can be learnt by heart.
std::vector<Words> chunks() {
  test::AccessWords program(1);
  std::vector<Words> chunks(64);
  for (Words& words : chunks) {
    words = program.make(trace::kChunkBytes / sizeof(std::uint64_t));
  }
  return chunks;
}

void count(benchmark::State& state, const std::vector<Words>& chunks, double bytes) {
  const std::size_t words = chunks.size() * chunks.front().size();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(words));
  state.counters["bytes_per_word"] = bytes / static_cast<double>(words);
}

void pack(benchmark::State& state) {
  const std::vector<Words> all = chunks();
  trace::WordPacker packer;
  std::size_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    bytes = 0;
    for (const Words& words : all) {
      bytes += packer.pack(words).size();
    }
  }
  count(state, all, static_cast<double>(bytes));
}

void unpack(benchmark::State& state) {
  const std::vector<Words> all = chunks();
  trace::WordPacker packer;
  std::vector<std::vector<std::uint8_t>> packed;
  std::size_t bytes = 0;
  for (const Words& words : all) {
    const std::span<const std::uint8_t> stored = packer.pack(words);
    packed.emplace_back(stored.begin(), stored.end());
    bytes += stored.size();
  }
  Words words(all.front().size());
  for ([[maybe_unused]] auto _ : state) {
    for (const std::vector<std::uint8_t>& stored : packed) {
      benchmark::DoNotOptimize(trace::unpack_words(stored, words));
    }
  }
  count(state, all, static_cast<double>(bytes));
}

}  // namespace

void measure_packing() {
  benchmark::RegisterBenchmark("words/pack", pack)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("words/unpack", unpack)->Unit(benchmark::kMillisecond);
}

}  // namespace gordian::bench
