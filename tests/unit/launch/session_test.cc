// SPDX-License-Identifier: Apache-2.0
// Programs under the recorder: their statuses, their traces, and what becomes of unusual ones.
#include "analyzer/launch/session.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <map>
#include <utility>

#include "runtime/trace/decode.h"
#include "tests/support/scratch_folder.h"

namespace gordian::test {
namespace {

using analysis::record_program;
using analysis::RunOptions;
using analysis::RunOutcome;

const std::string kProgram = GORDIAN_TEST_PROGRAM;

class Session : public testing::Test {
 protected:
  static RunOutcome run(const std::vector<std::string>& argv, const RunOptions& options = {}) {
    Result<RunOutcome> outcome = record_program(options, argv);
    EXPECT_TRUE(outcome.has_value());
    return std::move(outcome).value();
  }

  // How many events of each kind; fails if the trace is not whole.
  static std::map<trace::EventKind, std::uint64_t> count(const std::string& path) {
    std::map<trace::EventKind, std::uint64_t> counts;
    Result<trace::TraceFile> file = trace::TraceFile::open(path);
    EXPECT_TRUE(file.has_value());
    EXPECT_FALSE(file->truncated().has_value());
    for (const auto& ref : file->chunks()) {
      if (ref.header.family != trace::Family::sync) {
        continue;
      }
      Result<trace::Chunk> chunk = file->read(ref);
      EXPECT_TRUE(chunk.has_value());
      trace::EventReader reader(chunk->payload, 0);
      for (Result<trace::AnyEvent> event = reader.next(); event && event->index() != 0; event = reader.next()) {
        std::visit(
            [&](const auto& typed) {
              if constexpr (!std::is_same_v<std::decay_t<decltype(typed)>, std::monostate>) {
                ++counts[typed.kKind];
              }
            },
            *event);
      }
    }
    return counts;
  }

  ScratchFolder folder_;
};

TEST_F(Session, StatusesAreTheProgramsOwn) {
  EXPECT_EQ(run({"sh", "-c", "exit 7"}).status, 7);
  EXPECT_EQ(run({"sh", "-c", "kill -9 $$"}).status, 128 + 9);
  EXPECT_EQ(run({"sh", "-c", "kill -9 $$"}).signal, 9);
  EXPECT_EQ(run({kProgram, "status", "3"}).status, 3);
  EXPECT_EQ(run({kProgram, "exit", "4"}).status, 4);
}

TEST_F(Session, WhatCannotBeStartedSaysWhy) {
  EXPECT_EQ(run({"no-such-program"}).status, 127);
  EXPECT_TRUE(run({"no-such-program"}).start_error.has_value());
  EXPECT_EQ(run({"/etc/passwd"}).status, 126);
  EXPECT_FALSE(record_program({}, {}).has_value());
}

TEST_F(Session, AProgramWithoutOurRuntimeLeavesNoTrace) {
  EXPECT_TRUE(run({"true"}).traces.empty());
  EXPECT_TRUE(folder_.files().empty());
}

TEST_F(Session, TheTraceIsWholeAndPrivate) {
  const RunOutcome outcome = run({kProgram, "status", "3"});
  ASSERT_EQ(outcome.traces.size(), 1u);
  const std::string path = outcome.traces[0].path;
  EXPECT_EQ(path.rfind("launch_program." + std::to_string(outcome.traces[0].pid) + ".", 0), 0u) << path;
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  auto counts = count(path);
  EXPECT_GE(counts[trace::EventKind::Alloc], 100u);
  EXPECT_EQ(counts[trace::EventKind::Exit], 1u);
  Result<trace::TraceFile> file = trace::TraceFile::open(path);
  ASSERT_TRUE(file->end().has_value());
  EXPECT_EQ(file->end()->kind, trace::EndKind::exited);
  EXPECT_EQ(file->end()->status, 3);
  for (const trace::TraceFile::ChunkRef& ref : file->chunks()) {  // the end chunk tells the latest time
    EXPECT_LE(ref.header.monotonic_ns, file->chunks().back().header.monotonic_ns);
    EXPECT_LE(ref.header.cycles, file->chunks().back().header.cycles);
  }
  EXPECT_GT(file->chunks().back().header.monotonic_ns, file->header().start_monotonic_ns);
  EXPECT_EQ(file->program(), kProgram);
  EXPECT_EQ(file->command(), kProgram + " status 3");
}

TEST_F(Session, AKilledProgramLosesNothing) {
  const RunOutcome outcome = run({kProgram, "kill"});
  EXPECT_EQ(outcome.status, 128 + SIGKILL);
  ASSERT_EQ(outcome.traces.size(), 1u);
  auto counts = count(outcome.traces[0].path);
  EXPECT_GE(counts[trace::EventKind::Free], 1100u);
  EXPECT_EQ(counts[trace::EventKind::Exit], 0u);
  EXPECT_EQ(trace::TraceFile::open(outcome.traces[0].path)->end()->kind, trace::EndKind::signaled);
}

TEST_F(Session, EveryDescendantIsFollowed) {
  const RunOutcome outcome = run({"sh", "-c", kProgram + "; " + kProgram + " & wait"}, {.output = "out.gtrace"});
  ASSERT_EQ(outcome.traces.size(), 2u);
  EXPECT_EQ(outcome.traces[0].path, "out.gtrace");
  EXPECT_EQ(outcome.traces[1].path, "out." + std::to_string(outcome.traces[1].pid) + ".gtrace");
}

TEST_F(Session, AProcessThatBecomesAnotherProgramGetsTwoTraces) {
  const RunOutcome outcome = run({kProgram, "exec"});
  EXPECT_EQ(outcome.status, 6);
  ASSERT_EQ(outcome.traces.size(), 2u);
  EXPECT_EQ(outcome.traces[0].pid, outcome.traces[1].pid);
  EXPECT_EQ(count(outcome.traces[0].path)[trace::EventKind::Exit], 0u);
  EXPECT_EQ(count(outcome.traces[1].path)[trace::EventKind::Exit], 1u);
}

TEST_F(Session, RecordingSurvivesTheProgramClosingEverything) {
  const RunOutcome outcome = run({kProgram, "close"});
  ASSERT_EQ(outcome.traces.size(), 1u);
  EXPECT_GE(count(outcome.traces[0].path)[trace::EventKind::Alloc], 1100u);
}

TEST_F(Session, AForkedChildDoesNotWriteIntoTheParentsTrace) {
  const RunOutcome outcome = run({kProgram, "fork"});
  EXPECT_EQ(outcome.status, 5);
  ASSERT_EQ(outcome.traces.size(), 2u);  // the child has one of its own
  EXPECT_NE(outcome.traces[0].pid, outcome.traces[1].pid);
  auto counts = count(outcome.traces[0].path);
  EXPECT_LT(counts[trace::EventKind::Alloc], 10000u);
  EXPECT_EQ(counts[trace::EventKind::ThreadCreate], 0u);
  EXPECT_EQ(counts[trace::EventKind::Exit], 1u);
  EXPECT_EQ(counts[trace::EventKind::Fork], 1u);
  EXPECT_GE(count(outcome.traces[1].path)[trace::EventKind::Alloc], 10000u);
}

TEST_F(Session, ThreadsAndLocksOfTheCLibraryAreRecorded) {
  const RunOutcome outcome = run({kProgram, "locks"});
  ASSERT_EQ(outcome.traces.size(), 1u);
  auto counts = count(outcome.traces[0].path);
  EXPECT_EQ(counts[trace::EventKind::ThreadCreate], 4u);
  EXPECT_EQ(counts[trace::EventKind::ThreadEnd], 4u);
  EXPECT_EQ(counts[trace::EventKind::ThreadJoin], 4u);
  EXPECT_EQ(counts[trace::EventKind::Object], 6u);     // five locks, the condition
  EXPECT_EQ(counts[trace::EventKind::ObjectEnd], 3u);  // those on the heap, the condition
  EXPECT_EQ(counts[trace::EventKind::Lock], counts[trace::EventKind::Unlock]);
  EXPECT_GE(counts[trace::EventKind::Lock], 16u);
  EXPECT_LE(counts[trace::EventKind::Lock], 32u);  // at most one more per waiter and wake-up
}

// Several threads of the drainer take them out: all that there was, each stream in its order.
TEST_F(Session, StreamsThatFillTheRingTogetherStayWhole) {
  setenv("GORDIAN_OPTIONS", "ring_mb=4", 1);
  const RunOutcome outcome = run({kProgram, "threads"});
  unsetenv("GORDIAN_OPTIONS");
  ASSERT_EQ(outcome.traces.size(), 1u);
  const analysis::RecordedTrace& trace = outcome.traces[0];
  EXPECT_EQ(trace.lost_sync, 0u);
  auto counts = count(trace.path);
  EXPECT_GE(counts[trace::EventKind::Alloc], 800100u);
  EXPECT_GE(counts[trace::EventKind::Free], 800100u);
  std::map<std::pair<trace::Family, std::uint32_t>, std::uint64_t> next;
  const Result<trace::TraceFile> file = trace::TraceFile::open(trace.path);
  ASSERT_TRUE(file.has_value());
  for (const trace::TraceFile::ChunkRef& ref : file->chunks()) {
    EXPECT_EQ(ref.header.sequence, (next[{ref.header.family, ref.header.stream}]++));
  }
}

TEST_F(Session, AProcessThatOutlivesTheProgramIsCutOff) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const int saved = dup(STDIN_FILENO);
  dup2(ends[0], STDIN_FILENO);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  const RunOutcome outcome = run({kProgram, "outlive"});
  dup2(saved, STDIN_FILENO);
  close(ends[0]);
  close(ends[1]);                        // lets it go
  ASSERT_EQ(outcome.traces.size(), 3u);  // of the program, of its child, of what the child executed
  EXPECT_FALSE(outcome.traces[0].still_running);
  EXPECT_FALSE(outcome.traces[1].still_running);
  EXPECT_TRUE(outcome.traces[2].still_running);
  EXPECT_EQ(outcome.traces[1].pid, outcome.traces[2].pid);
  count(outcome.traces[2].path);
}

TEST_F(Session, OnlyATraceIsReplaced) {
  run({kProgram}, {.output = "out.gtrace"});
  EXPECT_TRUE(run({kProgram}, {.output = "out.gtrace"}).refused.empty());
  std::ofstream("precious") << "a letter to the editor";
  const RunOutcome outcome = run({kProgram, "status", "2"}, {.output = "precious"});
  EXPECT_EQ(outcome.status, 2);  // ran on, unrecorded
  EXPECT_EQ(outcome.refused.size(), 1u);
  std::string text;
  std::getline(std::ifstream("precious"), text);
  EXPECT_EQ(text, "a letter to the editor");
  ASSERT_EQ(symlink("elsewhere", "link"), 0);
  EXPECT_EQ(run({kProgram}, {.output = "link"}).refused.size(), 1u);
}

TEST_F(Session, AFullDiskCostsTheTraceNotTheProgram) {
  // A limit on file sizes plays the full disk, for the drainer alone: the program, whose ring is a file too, lifts it.
  // The child of the test plays the whole session.
  const pid_t tester = fork();
  if (tester == 0) {
    const rlimit limit{300000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    Result<RunOutcome> outcome =
        record_program({.output = "out.gtrace"}, {"sh", "-c", "ulimit -S -f unlimited; exec " + kProgram + " much"});
    const bool good = outcome && outcome->status == 0 && outcome->traces.size() == 1 &&
                      !outcome->traces[0].problem.empty() && outcome->traces[0].lost_sync > 0;
    _exit(good ? 0 : 1);
  }
  int status = 0;
  waitpid(tester, &status, 0);
  EXPECT_EQ(status, 0);
  Result<trace::TraceFile> file = trace::TraceFile::open("out.gtrace");
  ASSERT_TRUE(file.has_value());
  EXPECT_FALSE(file->chunks().empty());
  for (const auto& ref : file->chunks()) {
    EXPECT_TRUE(file->read(ref).has_value());  // ends after a whole chunk
  }
}

TEST_F(Session, AProgramCanRecordItself) {
  setenv("GORDIAN_OPTIONS", "record:output=self.gtrace", 1);
  setenv("GORDIAN_BIN", GORDIAN_TEST_DRAINER, 1);
  const pid_t child = fork();
  if (child == 0) {
    execl(kProgram.c_str(), kProgram.c_str(), "wait-for-child", nullptr);
    _exit(99);
  }
  int status = 0;
  waitpid(child, &status, 0);
  unsetenv("GORDIAN_OPTIONS");
  unsetenv("GORDIAN_BIN");
  EXPECT_EQ(WEXITSTATUS(status), 0) << "wait() saw the drainer";
  // The drainer ends on its own time; it holds a lock on nothing, so look until the end chunk is there.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool whole = false;
  while (!whole && std::chrono::steady_clock::now() < deadline) {
    Result<trace::TraceFile> file = trace::TraceFile::open("self.gtrace");
    whole = file && file->end().has_value();
  }
  ASSERT_TRUE(whole);
  EXPECT_EQ(count("self.gtrace")[trace::EventKind::Exit], 1u);
}

}  // namespace
}  // namespace gordian::test
