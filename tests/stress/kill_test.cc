// SPDX-License-Identifier: Apache-2.0
// kill -9 at random moments: whatever operation had returned by then is in the trace, no object's tickets have a gap,
// and the trace is whole.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "analyzer/launch/session.h"
#include "runtime/trace/decode.h"
#include "tests/stress/stamp_page.h"
#include "tests/support/scratch_folder.h"

namespace gordian::test {
namespace {

constexpr int kKills = 50;
constexpr std::uint64_t kMaxOperations = 60000;

// What the trace holds: how many operations, and the tickets of each sequence (object, which of its sequences).
struct Held {
  std::uint64_t operations = 0;
  std::map<std::pair<std::uint64_t, int>, std::vector<std::uint64_t>> tickets;

  void operator()(const trace::Lock& event) { add(event.object, 0, event.ticket); }
  void operator()(const trace::Unlock& event) { add(event.object, 0, event.ticket); }
  void operator()(const trace::ChanSend& event) { add(event.object, 1, event.ticket); }
  void operator()(const trace::ChanRecv& event) { add(event.object, 2, event.ticket); }
  template <class Event>
  void operator()(const Event&) {}

  void add(std::uint64_t object, int sequence, std::uint64_t ticket) {
    ++operations;
    tickets[{object, sequence}].push_back(ticket);
  }
};

Held read(const std::string& path) {
  Held held;
  Result<trace::TraceFile> file = trace::TraceFile::open(path);
  EXPECT_TRUE(file.has_value() && !file->truncated().has_value());
  EXPECT_EQ(file->end()->lost_sync, 0u);
  for (const auto& ref : file->chunks()) {
    if (ref.header.family == trace::Family::sync) {
      Result<trace::Chunk> chunk = file->read(ref);
      EXPECT_TRUE(chunk.has_value());
      trace::EventReader reader(chunk->payload, 0);
      Result<trace::AnyEvent> event = reader.next();
      for (; event && event->index() != 0; event = reader.next()) {
        std::visit(held, *event);
      }
      EXPECT_TRUE(event.has_value()) << event.error().what;
    }
  }
  return held;
}

bool has_no_gap(std::vector<std::uint64_t>& tickets) {
  std::sort(tickets.begin(), tickets.end());
  return tickets.front() == 1 && tickets.back() == tickets.size() &&
         std::adjacent_find(tickets.begin(), tickets.end()) == tickets.end();
}

// Starts the program, kills it once it has done so many operations; how many it had done when it died.
std::uint64_t run_and_kill(StampPage& page, const std::string& page_path, std::uint64_t moment,
                           const std::string& trace) {
  page.operations = 0;
  page.pid = 0;
  std::thread session([&] {
    Result<analysis::RunOutcome> outcome =
        analysis::record_program({.output = trace}, {GORDIAN_KILL_PROGRAM, page_path});
    EXPECT_TRUE(outcome && outcome->signal == SIGKILL && outcome->traces.size() == 1);
    page.pid.store(-1, std::memory_order_release);  // in case it never came to life
  });
  // acquire: pairs with the program's release of its pid.
  while (page.pid.load(std::memory_order_acquire) == 0 || page.operations.load(std::memory_order_relaxed) < moment) {
    if (page.pid.load(std::memory_order_acquire) == -1) {
      break;
    }
    sched_yield();
  }
  if (const pid_t pid = page.pid.load(std::memory_order_relaxed); pid > 0) {
    kill(pid, SIGKILL);
  }
  session.join();
  return page.operations;
}

TEST(Kill, WhateverHadReturnedIsInTheTrace) {
  const ScratchFolder folder;
  const std::string page_path = folder.path() / "page";
  const std::string trace = folder.path() / "killed.gtrace";
  const int file = open(page_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(ftruncate(file, sizeof(StampPage)), 0);
  void* memory = mmap(nullptr, sizeof(StampPage), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto& page = *static_cast<StampPage*>(memory);
  std::mt19937_64 random(20);
  for (int round = 0; round < kKills; ++round) {
    const std::uint64_t done = run_and_kill(page, page_path, random() % kMaxOperations, trace);
    Held held = read(trace);
    EXPECT_GE(held.operations, done) << "round " << round;
    for (auto& [sequence, tickets] : held.tickets) {
      EXPECT_TRUE(has_no_gap(tickets)) << "object " << sequence.first << " sequence " << sequence.second;
    }
  }
  munmap(memory, sizeof(StampPage));
  close(file);
}

}  // namespace
}  // namespace gordian::test
