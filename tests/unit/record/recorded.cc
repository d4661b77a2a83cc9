// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/record/recorded.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "runtime/record/shadow_stack.h"

namespace gordian::test {

using trace::Family;

namespace {

struct Collect {
  Seen& seen;
  void site(const char* name, std::uint64_t value) { seen.field[name] = value; }
  void number(const char* name, std::uint64_t value) { seen.field[name] = value; }
  void signed_number(const char* name, std::int64_t value) { seen.field[name] = static_cast<std::uint64_t>(value); }
  void list(const char*, std::span<const std::uint64_t> values) { seen.list.assign(values.begin(), values.end()); }
  void text(const char*, std::string_view) {}
};

void apply(std::vector<std::uint32_t>& stack, std::uint64_t pop, std::span<const std::uint64_t> push) {
  stack.resize(pop == trace::kPopAll ? 0 : stack.size() - std::min<std::size_t>(pop, stack.size()));
  for (const std::uint64_t entry : push) {
    stack.push_back(static_cast<std::uint32_t>(entry));
  }
}

}  // namespace

void start_main() {
  static rt::record::Actor main;
  main.id = ActorId{1};
  main.frames = main.frame_top = rt::record::allocate_frames(64 << 20);
  rt::record::start_thread(&main);
}

void ChunkReader::read(const analysis::ChunkView& chunk, const std::uint8_t* payload) {
  std::uint64_t& next = sequences_[{chunk.family, chunk.stream}];
  if (chunk.sequence != next++) {
    result.problems.push_back("a chunk is missing");
  }
  if (chunk.family == Family::sync) {
    read_events(chunk, payload);
  } else if (chunk.family == Family::access) {
    read_accesses(chunk, payload);
  } else {
    result.tables.insert(result.tables.end(), payload, payload + chunk.bytes);
  }
}

void ChunkReader::read_events(const analysis::ChunkView& chunk, const std::uint8_t* payload) {
  std::uint64_t& ordinal = result.ordinals[chunk.stream];
  if (ordinal != chunk.first_ordinal) {
    result.problems.push_back("first_ordinal does not continue");
  }
  std::vector<std::uint32_t> stack;
  trace::EventReader reader({payload, chunk.bytes}, 0);
  for (;; ++ordinal) {
    Result<trace::AnyEvent> event = reader.next();
    if (!event || std::holds_alternative<std::monostate>(*event)) {
      if (!event) {
        result.problems.push_back(event.error().what);
      }
      return;
    }
    if (const auto* delta = std::get_if<trace::Stack>(&*event)) {
      apply(stack, delta->pop, delta->push);
      continue;
    }
    if (std::holds_alternative<trace::Switch>(*event)) {
      stack.clear();
    }
    Seen seen;
    seen.stack = stack;
    std::visit(
        [&](auto& typed) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(typed)>, std::monostate>) {
            seen.kind = typed.kKind;
            trace::visit_fields(typed, Collect{seen});
          }
        },
        *event);
    result.events[chunk.stream].push_back(std::move(seen));
  }
}

void ChunkReader::read_accesses(const analysis::ChunkView& chunk, const std::uint8_t* payload) {
  std::vector<std::uint64_t> words(chunk.bytes / 8);
  std::memcpy(words.data(), payload, words.size() * 8);
  std::vector<std::uint32_t> stack;
  std::uint64_t marker = chunk.first_ordinal;
  trace::AccessReader reader(words, 0);
  for (;;) {
    Result<trace::AccessRecord> record = reader.next();
    if (!record || record->type == trace::AccessRecord::Type::end) {
      if (!record) {
        result.problems.push_back(record.error().what);
      }
      return;
    }
    if (record->type == trace::AccessRecord::Type::marker) {
      marker = record->ordinal;
    } else if (record->type == trace::AccessRecord::Type::stack) {
      apply(stack, record->pop, record->push);
    } else {
      result.accesses[chunk.stream].push_back(
          {record->type, record->site, record->address, record->bytes, marker, stack});
    }
  }
}

Recorded record_in_child(const std::function<void()>& code, std::uint32_t chunks, bool drained) {
  const int memfd = memfd_create("test-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  EXPECT_GE(memfd, 0);
  int laid_out[2];
  EXPECT_EQ(pipe(laid_out), 0);
  const pid_t child = fork();
  if (child == 0) {
    // The parent of this process plays the drainer.
    if (!rt::record::lay_out_ring(memfd, chunks) || write(laid_out[1], "!", 1) != 1) {
      _exit(1);
    }
    rt::record::start_recording(getppid());
    code();
    kill(getpid(), SIGKILL);
  }
  char byte = 0;
  EXPECT_EQ(read(laid_out[0], &byte, 1), 1);
  close(laid_out[0]);
  close(laid_out[1]);
  Result<analysis::SharedRing> ring = analysis::SharedRing::map(analysis::Descriptor(memfd));
  ChunkReader reader;
  EXPECT_TRUE(ring.has_value());
  if (!ring) {
    return reader.result;
  }
  int status = 0;
  std::atomic<bool> ended = false;
  std::thread watch([&] {
    waitpid(child, &status, 0);
    ended = true;
    ring->wake();
  });
  while (drained && !ended) {
    const std::uint32_t seen = ring->sealed_count();
    const std::vector<analysis::ChunkView> sealed = ring->sealed_chunks();
    for (const analysis::ChunkView& chunk : sealed) {
      reader.read(chunk, ring->payload(chunk));
      ring->free_chunk(chunk);
    }
    ring->tell_producers();
    if (sealed.empty()) {
      ring->wait_for_sealed(seen, 60000);  // ms, longer than any test waits: only wake-ups help
    }
  }
  watch.join();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the recorded code failed";
  for (const analysis::ChunkView& chunk : ring->remaining_chunks(true)) {
    reader.read(chunk, ring->payload(chunk));
  }
  reader.result.lost_sync = ring->lost_sync();
  reader.result.lost_access = ring->lost_access();
  return reader.result;
}

}  // namespace gordian::test
