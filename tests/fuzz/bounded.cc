// SPDX-License-Identifier: Apache-2.0
// bounded [NAME]: traces of a few hundred kilobytes, each made to cost as much as it can: what is read, checked and
// analysed of them must stay within limits.h. Damage by chance seldom finds these; each was once a square of the
// trace's size, or worse, or might become one.
#include <zstd.h>

#include <chrono>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/bounded_accesses.h"
#include "tests/fuzz/limits.h"
#include "tests/fuzz/story.h"
#include "tests/fuzz/targets.h"

namespace gordian::test {
namespace {

using trace::ObjectKind;
using trace::WaitReason;

// Each lock is taken while all the ones before it are held, with an access in between.
Bytes ever_more_locks() {
  Story story;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t lock = story.object(ObjectKind::mutex);
    story.stream.op(trace::Lock{1, lock, 1, 0, 0, 0}).access(Story::kWrite, kMemory);
  }
  return story.bytes();
}

// Goroutines that created each other, all ended, and one that waits for a group to which they owe nothing.
Bytes creators_in_a_circle() {
  constexpr std::uint64_t kActors = 10'000;
  Story story;
  const std::uint64_t group = story.object(ObjectKind::wait_group);
  story.stream.op(trace::WgAdd{1, group, 1, 1, 1});
  story.stream.op(trace::Go{1, 2, 1});
  std::uint64_t runs = 1;
  for (std::uint64_t actor = 2; actor <= kActors; ++actor) {
    story.yield_to(runs, actor);
    story.stream.op(trace::Go{1, actor < kActors ? actor + 1 : 2, 1});
    runs = actor;
  }
  story.block(WaitReason::wait_group, {group});
  for (std::uint64_t actor = 2; actor < kActors; ++actor) {
    story.run(actor);
    story.stream.event(trace::GoEnd{});
  }
  story.run(1);
  story.block(WaitReason::wait_group, {group});
  return story.bytes();
}

// Who adds to every group, without end, and starts goroutines for all of them.
Bytes debts_of_all_to_all() {
  Story story;
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t group = story.object(ObjectKind::wait_group);
    story.stream.op(trace::WgAdd{1, group, 1, 1 << 30, 1 << 30});
  }
  for (std::uint64_t child = 2; child < 10'000; ++child) {
    story.stream.op(trace::Go{1, child, child - 1});
  }
  return story.bytes();
}

// One mistake, made with very many objects.
Bytes the_same_misuse_again() {
  Story story;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t channel = story.object(ObjectKind::channel);
    story.stream.op(trace::Panic{1, static_cast<std::uint64_t>(trace::PanicCode::close_of_closed), channel, ""});
  }
  return story.bytes();
}

// A select over channels that another stream introduces one by one, the first one last.
Bytes select_over_the_unknown() {
  constexpr std::uint64_t kChannels = 30'000;
  Story story;
  std::vector<std::uint64_t> cases;
  for (std::uint64_t channel = 1; channel <= kChannels; ++channel) {
    cases.push_back(channel * 2);
  }
  story.block(WaitReason::select, cases);
  trace::StreamBuilder& other = story.trace.stream();
  other.event(trace::ThreadStart{0, 101});
  for (std::uint64_t channel = 1; channel <= kChannels; ++channel) {
    other.event(trace::Object{0, channel, static_cast<std::uint64_t>(ObjectKind::channel), 0, 0});
  }
  return story.bytes();
}

// A stack so deep that looking through it takes long, in which objects are made that are to be named.
Bytes names_in_a_deep_stack() {
  Story story;
  const FunctionId inner = story.trace.units().function("std::inner", "/usr/include/c++/12/inner", 1);
  story.trace.units().call(2, "std::inner");
  for (int depth = 0; depth < 50'000; ++depth) {
    story.stream.call(1, inner);
  }
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t lock = story.object(ObjectKind::mutex);
    story.stream.op(trace::TryLockFailed{1, lock, 0});
  }
  return story.bytes();
}

// Two actors that race on every word, at one place each, in very many functions.
Bytes races_everywhere() {
  Story story;
  story.stream.op(trace::Go{1, 2, 1});
  std::vector<FunctionId> functions;
  for (int i = 0; i < 1500; ++i) {
    functions.push_back(story.trace.units().function("f" + std::to_string(i), "f.cc", 1));
    story.trace.units().access(2, "v" + std::to_string(i), trace::AccessKind::write, 8);
  }
  const auto touch_all = [&] {
    for (int round = 0; round < 10; ++round) {
      for (std::size_t i = 0; i < functions.size(); ++i) {
        story.stream.call(1, functions[i]).access(0, kMemory + 8 * i).ret();
      }
    }
  };
  touch_all();
  story.yield_to(1, 2);
  touch_all();
  for (int i = 0; i < 20'000; ++i) {
    story.stream.op(trace::Fence{1, 5});
  }
  return story.bytes();
}

// Locks in all orders, and readers and writers that all wait for each other.
Bytes readers_before_writers() {
  Story story;
  constexpr std::uint64_t kActors = 3000;
  const std::uint64_t lock = story.object(ObjectKind::rwmutex);
  for (std::uint64_t actor = 2; actor < 2 * kActors; ++actor) {
    story.stream.op(trace::Go{1, actor, actor - 1});
  }
  std::uint64_t ticket = 0;
  story.block(WaitReason::sleep, {});
  for (std::uint64_t actor = 2; actor < kActors; ++actor) {
    story.run(actor);
    story.stream.op(trace::Lock{1, lock, ++ticket, 1, 0, 0});
    story.block(WaitReason::chan_receive_nil, {});
  }
  for (std::uint64_t actor = kActors; actor < 2 * kActors; ++actor) {
    story.run(actor);
    story.block(WaitReason::rwmutex_lock, {lock});
  }
  return story.bytes();
}

// Rings of retreats of which none closes.
Bytes retreats_that_meet_nobody() {
  Story story;
  constexpr std::uint64_t kLayers = 7;
  constexpr std::uint64_t kPerLayer = 60;
  std::vector<std::uint64_t> locks;
  std::vector<std::uint64_t> tickets(kLayers + 2);
  for (std::uint64_t i = 0; i < kLayers + 2; ++i) {
    locks.push_back(story.object(ObjectKind::mutex));
  }
  std::uint64_t actor = 1;
  for (std::uint64_t layer = 0; layer < kLayers; ++layer) {
    for (std::uint64_t i = 0; i < kPerLayer; ++i) {
      story.stream.op(trace::Go{1, actor + 1, 1});
      story.yield_to(actor, actor + 1);
      ++actor;
      for (int round = 0; round < 101; ++round) {
        story.stream.op(trace::Lock{1, locks[layer], ++tickets[layer], 0, 0, 0})
            .op(trace::TryLockFailed{1, locks[layer + 1], 0})
            .op(trace::Unlock{1, locks[layer], ++tickets[layer], 0});
        story.yield_to(actor, actor);
      }
    }
  }
  return story.bytes();
}

// Each chunk is another stream's, a thousand times larger than it is stored.
Bytes chunks_that_unfold() {
  const Bytes events(std::size_t{16} << 20, static_cast<std::uint8_t>(trace::EventKind::ThreadEnd));
  Bytes stored(ZSTD_compressBound(events.size()));
  stored.resize(ZSTD_compress(stored.data(), stored.size(), events.data(), events.size(), 1));
  Bytes bytes = trace::TraceBuilder().bytes();
  for (std::uint32_t stream = 1; stream <= 100; ++stream) {
    trace::FileChunk chunk{.family = trace::Family::sync, .codec = trace::Codec::zstd, .stream = stream};
    chunk.raw_bytes = static_cast<std::uint32_t>(events.size());
    chunk.stored_bytes = static_cast<std::uint32_t>(stored.size());
    const auto* const header = reinterpret_cast<const std::uint8_t*>(&chunk);
    bytes.insert(bytes.end(), header, header + sizeof chunk);
    bytes.insert(bytes.end(), stored.begin(), stored.end());
  }
  repair_checksums(bytes);
  return bytes;
}

// A gigabyte in one record, twice, with nothing that orders the two.
Bytes ranges_that_race() {
  Story story;
  story.stream.op(trace::Go{1, 2, 1});
  story.stream.range(Story::kRange, kMemory, std::uint64_t{1} << 30);
  story.yield_to(1, 2);
  story.stream.range(Story::kRange, kMemory, std::uint64_t{1} << 30);
  return story.bytes();
}

// Of one place, over and over, by as many as there are.
Bytes readers_in_turn() {
  constexpr std::uint64_t kReaders = 16'380;
  Story story;
  const std::uint64_t read = story.trace.units().access(5, "read", trace::AccessKind::read, 8);
  for (std::uint64_t i = 0; i < kReaders; ++i) {
    story.stream.op(trace::Go{1, i + 2, i + 1});
  }
  std::uint64_t runs = 1;
  for (int turn = 0; turn < 6; ++turn) {
    for (std::uint64_t i = 0; i < kReaders; ++i) {
      story.yield_to(runs, i + 2);
      story.stream.access(read, kMemory);
      runs = i + 2;
    }
  }
  return story.bytes();
}

// The trace says that the program took an hour for them.
Bytes ranges_in_a_long_time() {
  constexpr std::uint64_t kLong = std::uint64_t{1} << 42;
  Bytes bytes = ranges_without_end();
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(bytes, "ranges");
  for (const trace::TraceFile::ChunkRef& ref : file->chunks()) {
    auto* const header = reinterpret_cast<trace::FileChunk*>(bytes.data() + ref.offset);
    header->monotonic_ns = header->cycles = kLong;
  }
  repair_checksums(bytes);
  return bytes;
}

struct Pattern {
  std::string_view name;
  Bytes (*make)();
};
constexpr Pattern kPatterns[] = {
    {"ever_more_locks", ever_more_locks},
    {"ranges_without_end", ranges_without_end},
    {"strides_without_end", strides_without_end},
    {"rows_without_end", rows_without_end},
    {"bits_without_end", bits_without_end},
    {"rows_and_ranges", rows_and_ranges},
    {"odd_elements", odd_elements},
    {"wide_sites", wide_sites},
    {"groups_without_end", groups_without_end},
    {"groups_of_strides_without_end", groups_of_strides_without_end},
    {"creators_in_a_circle", creators_in_a_circle},
    {"debts_of_all_to_all", debts_of_all_to_all},
    {"the_same_misuse_again", the_same_misuse_again},
    {"select_over_the_unknown", select_over_the_unknown},
    {"names_in_a_deep_stack", names_in_a_deep_stack},
    {"races_everywhere", races_everywhere},
    {"readers_before_writers", readers_before_writers},
    {"retreats_that_meet_nobody", retreats_that_meet_nobody},
    {"chunks_that_unfold", chunks_that_unfold},
    {"ranges_that_race", ranges_that_race},
    {"readers_in_turn", readers_in_turn},
    {"ranges_in_a_long_time", ranges_in_a_long_time},
};

void run(const Pattern& pattern) {
  using Clock = std::chrono::steady_clock;
  const Bytes bytes = pattern.make();
  std::cout << pattern.name << ", " << bytes.size() / 1024 << " KiB: " << std::flush;
  limit_time();
  const Clock::time_point begin = Clock::now();
  read_file(bytes);
  const Clock::time_point between = Clock::now();
  analyzed(bytes);
  const auto ms = [](Clock::duration time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  };
  std::cout << ms(between - begin) << " ms to read, " << ms(Clock::now() - between) << " ms to analyse" << std::endl;
}

}  // namespace
}  // namespace gordian::test

int main(int argc, char** argv) {
  gordian::test::limit_memory();
  for (const auto& pattern : gordian::test::kPatterns) {
    if (argc < 2 || pattern.name == argv[1]) {
      gordian::test::run(pattern);
    }
  }
}
