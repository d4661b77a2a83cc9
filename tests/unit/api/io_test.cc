// SPDX-License-Identifier: Apache-2.0
// gordian/io.h: who waits for a descriptor parks, is woken by what may come from anywhere, and gets errors as values.
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/api/io_pairs.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Nothing waits longer than this: a lost wake-up kills the test.
class IoTest : public OverWorkers {
 protected:
  void SetUp() override {
    OverWorkers::SetUp();
    alarm(60);
  }
  void TearDown() override {
    OverWorkers::TearDown();
    alarm(0);
  }
};
GORDIAN_OVER_WORKERS(IoTest);

TEST_P(IoTest, AReaderParksAndOthersRun) {
  for (const Pair& pair : {make_pipe(), make_connection()}) {
    const auto text = make_chan<std::string>();
    go([=] { text.send(read_text(pair.reads)); });
    for (int i = 0; i < 20; ++i) {
      yield();
    }
    EXPECT_EQ(text.len(), 0u);
    EXPECT_TRUE(io::write(pair.writes, "ping"));
    EXPECT_EQ(text.recv(), "ping");
    close_both(pair);
  }
}

TEST_P(IoTest, PingPongOverASocketPair) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  go([end = ends[1]] {
    char byte = 0;
    while (io::read(end, &byte, 1).bytes == 1) {
      ++byte;
      EXPECT_TRUE(io::write(end, &byte, 1));
    }
    io::close(end);
  });
  char byte = 0;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(io::write(ends[0], &byte, 1));
    EXPECT_EQ(io::read(ends[0], &byte, 1).bytes, 1u);
  }
  EXPECT_EQ(byte, 100);
  EXPECT_FALSE(io::close(ends[0]));
}

TEST_P(IoTest, AWriteWritesAllOfIt) {
  const std::string text(1'000'000, 'x');
  for (const Pair& pair : {make_pipe(), make_connection()}) {
    const auto written = make_chan<std::size_t>(1);
    go([=, &text] {
      written.send(io::write(pair.writes, text).bytes);
      EXPECT_FALSE(io::close(pair.writes));
    });
    EXPECT_EQ(read_to_end(pair.reads).size(), text.size());
    EXPECT_EQ(written.recv(), text.size());
    EXPECT_FALSE(io::close(pair.reads));
  }
}

TEST_P(IoTest, WritersTakeTurns) {
  const Pair pair = make_pipe();
  WaitGroup writers;
  for (const char letter : {'a', 'b', 'c'}) {
    writers.go([=] { EXPECT_TRUE(io::write(pair.writes, std::string(200'000, letter))); });
  }
  go([=, &writers] {
    writers.wait();
    io::close(pair.writes);
  });
  std::string all = read_to_end(pair.reads);
  EXPECT_EQ(all.size(), 600'000u);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  EXPECT_EQ(all.size(), 3u) << "what one writes is not mixed with another's";
  io::close(pair.reads);
}

TEST_P(IoTest, TheEndIsNoError) {
  for (const Pair& pair : {make_pipe(), make_connection()}) {
    EXPECT_TRUE(io::write(pair.writes, "last"));
    io::close(pair.writes);
    EXPECT_EQ(read_text(pair.reads), "last");
    char byte = 0;
    const auto end = io::read(pair.reads, &byte, 1);
    EXPECT_TRUE(end);
    EXPECT_EQ(end.bytes, 0u);
    io::close(pair.reads);
  }
}

TEST_P(IoTest, CloseWakesWhoWaits) {
  const Pair pair = make_pipe();
  const auto first = reading(pair.reads);
  const auto second = reading(pair.reads);  // waits for its turn
  EXPECT_FALSE(io::close(pair.reads));
  EXPECT_EQ(first.recv(), std::errc::bad_file_descriptor);
  EXPECT_EQ(second.recv(), std::errc::bad_file_descriptor);
  EXPECT_EQ(io::close(pair.reads), std::errc::bad_file_descriptor);
  io::close(pair.writes);
}

// Standard output and its kin stay blocking, so that a full pipe keeps its writer in the kernel: the descriptor is in
// use for as long as the test likes.
TEST_P(IoTest, WhileItClosesNobodyBegins) {
  const int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
  const Pair pair = make_pipe();
  ASSERT_EQ(dup2(pair.writes, STDIN_FILENO), STDIN_FILENO);
  ::close(pair.writes);
  const std::string text(1'000'000, 'x');
  const auto written = make_chan<std::size_t>(1);
  const auto closed = make_chan<std::error_code>(1);
  go([&] { written.send(io::write(STDIN_FILENO, text).bytes); });
  for (int queued = 0; queued < fcntl(pair.reads, F_GETPIPE_SZ); ioctl(pair.reads, FIONREAD, &queued)) {
    yield();
  }
  go([=] { closed.send(io::close(STDIN_FILENO)); });
  until_waiting(1);
  EXPECT_EQ(closed.len(), 0u);
  char byte = 0;
  EXPECT_EQ(io::read(STDIN_FILENO, &byte, 1).error, std::errc::bad_file_descriptor);
  EXPECT_EQ(io::write(STDIN_FILENO, "y").error, std::errc::bad_file_descriptor) << "no turn after the writer's";
  EXPECT_EQ(io::set_deadline(STDIN_FILENO, Clock::now()), std::errc::bad_file_descriptor);
  EXPECT_EQ(io::close(STDIN_FILENO), std::errc::bad_file_descriptor);
  EXPECT_EQ(read_to_end(pair.reads).size(), text.size()) << "and who was at it finishes";
  EXPECT_EQ(written.recv(), text.size());
  EXPECT_FALSE(closed.recv());
  EXPECT_FALSE(io::close(pair.reads));
  dup2(saved, STDIN_FILENO);
  ::close(saved);
}

TEST_P(IoTest, CloseWakesAnAcceptAndFreesThePort) {
  const auto listener = io::listen_tcp("127.0.0.1", 0);
  const auto port = io::port_of(listener.descriptor);
  const auto outcome = make_chan<std::error_code>(1);
  go([=] { outcome.send(io::accept(listener.descriptor).error); });
  yield();
  EXPECT_FALSE(io::close(listener.descriptor));
  const auto again = io::listen_tcp("127.0.0.1", port);
  EXPECT_TRUE(again) << again.error;
  EXPECT_EQ(outcome.recv(), std::errc::bad_file_descriptor);
  io::close(again.descriptor);
}

TEST_P(IoTest, ADeadlineEndsWaitsAndIsSetAnew) {
  const Pair pair = make_pipe();
  const auto start = Clock::now();
  io::set_read_deadline(pair.reads, start + 3ms);
  EXPECT_EQ(reading(pair.reads).recv(), std::errc::timed_out);
  EXPECT_GE(Clock::now() - start, 3ms);
  EXPECT_TRUE(io::write(pair.writes, "x"));
  EXPECT_EQ(reading(pair.reads).recv(), std::errc::timed_out) << "as in Go, although there is something to read";
  io::set_read_deadline(pair.reads, Clock::time_point::max());
  EXPECT_EQ(read_text(pair.reads), "x");
  const auto waits = reading(pair.reads);
  io::set_deadline(pair.reads, Clock::now() - 1s);
  EXPECT_EQ(waits.recv(), std::errc::timed_out);
  io::set_read_deadline(pair.reads, Clock::now() + 2ms);
  const auto patient = reading(pair.reads);
  io::set_read_deadline(pair.reads, Clock::now() + 1h);
  sleep(4ms);
  EXPECT_EQ(patient.len(), 0u) << "the first deadline does not count any more";
  EXPECT_TRUE(io::write(pair.writes, "y"));
  EXPECT_FALSE(patient.recv());
  close_both(pair);
}

TEST_P(IoTest, AWriteDeadlineSaysHowMuchWasWritten) {
  const Pair pair = make_pipe();
  const std::string text(1'000'000, 'x');
  io::set_write_deadline(pair.writes, Clock::now() + 50ms);  // not before the pipe is full, on a busy machine either
  const auto result = io::write(pair.writes, text);
  EXPECT_EQ(result.error, std::errc::timed_out);
  EXPECT_GT(result.bytes, 0u);
  EXPECT_LT(result.bytes, 1'000'000u);
  close_both(pair);
}

TEST_P(IoTest, AContextEndsARead) {
  const Pair pair = make_pipe();
  auto [ctx, cancel] = with_cancel(background());
  const auto stop = after_func(ctx, [=] { io::set_deadline(pair.reads, Clock::now()); });
  const auto waits = reading(pair.reads);
  cancel();
  EXPECT_EQ(waits.recv(), std::errc::timed_out);
  close_both(pair);
}

TEST_P(IoTest, NobodyReadsIsAnErrorNotASignal) {
  for (const Pair& pair : {make_pipe(), make_connection()}) {
    io::close(pair.reads);
    std::error_code error;
    for (int i = 0; i < 1000 && !error; ++i) {  // a socket learns it from the other side's answer
      error = io::write(pair.writes, "into the void").error;
    }
    EXPECT_TRUE(error == std::errc::broken_pipe || error == std::errc::connection_reset) << error;
    io::close(pair.writes);
  }
}

TEST_P(IoTest, ErrorsAreTheSystems) {
  char byte = 0;
  EXPECT_EQ(io::read(-1, &byte, 1).error, std::errc::bad_file_descriptor);
  EXPECT_EQ(io::write(1'000'000, &byte, 1).error, std::errc::bad_file_descriptor);
  EXPECT_EQ(io::close(999'999), std::errc::bad_file_descriptor);
  EXPECT_EQ(io::listen_tcp("not a number", 0).error, std::errc::invalid_argument);
  const auto listener = io::listen_tcp("127.0.0.1", 0);
  const auto port = io::port_of(listener.descriptor);
  EXPECT_EQ(io::listen_tcp("127.0.0.1", port).error, std::errc::address_in_use);
  io::close(listener.descriptor);
  EXPECT_EQ(io::connect_tcp("127.0.0.1", port).error, std::errc::connection_refused);
}

TEST_P(IoTest, FilesAreReadAndWritten) {
  char path[] = "/tmp/gordian_io_XXXXXX";
  const int file = mkostemp(path, O_CLOEXEC);
  unlink(path);
  EXPECT_EQ(io::write(file, "in a file").bytes, 9u);
  EXPECT_EQ(lseek(file, 3, SEEK_SET), 3);
  EXPECT_EQ(read_text(file), "a file");
  EXPECT_EQ(read_text(file), "");
  EXPECT_FALSE(io::close(file));
}

TEST_P(IoTest, EventsAndTerminals) {
  const int event = eventfd(0, EFD_CLOEXEC);
  const auto count = make_chan<std::uint64_t>();
  go([=] {
    std::uint64_t value = 0;
    EXPECT_TRUE(io::read(event, &value, sizeof(value)));
    count.send(value);
  });
  const std::uint64_t seven = 7;
  EXPECT_TRUE(io::write(event, &seven, sizeof(seven)));
  EXPECT_EQ(count.recv(), 7u);
  io::close(event);

  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_EQ(grantpt(master) + unlockpt(master), 0);
  const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  const auto line = make_chan<std::string>();
  go([=] { line.send(read_text(terminal)); });
  EXPECT_TRUE(io::write(master, "a line\n"));
  EXPECT_EQ(line.recv(), "a line\n");
  EXPECT_EQ(fcntl(terminal, F_GETFL) & O_NONBLOCK, 0) << "others may read from it as well";
  io::close(terminal);
  io::close(master);
}

TEST_P(IoTest, PlainThreadsTakePart) {
  const Pair pair = make_pipe();
  std::thread reader([=] { EXPECT_EQ(read_text(pair.reads), "to a thread"); });
  EXPECT_TRUE(io::write(pair.writes, "to a thread"));
  reader.join();
  std::thread writer([=] { EXPECT_TRUE(io::write(pair.writes, "from a thread")); });
  EXPECT_EQ(read_text(pair.reads), "from a thread");
  writer.join();
  close_both(pair);
}

TEST_P(IoTest, ANumberMayBeUsedAgainHoweverItWasClosed) {
  for (int i = 0; i < 20; ++i) {
    const Pair pair = make_pipe();
    const auto waits = reading(pair.reads);
    EXPECT_TRUE(io::write(pair.writes, "x"));
    EXPECT_FALSE(waits.recv());
    ::close(pair.reads);
    ::close(pair.writes);
  }
}

TEST_P(IoTest, AForkedChildWaitsForItself) {
  const Pair pair = make_pipe();
  const auto waits = reading(pair.reads);  // the parent's epoll is at work
  const Pair answer = make_pipe();
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    const Pair own = make_pipe();
    const auto text = make_chan<std::string>();
    go([=] { text.send(read_text(own.reads)); });
    yield();
    const bool good = io::write(own.writes, "own") && text.recv() == "own" && io::write(answer.writes, "done");
    _exit(good ? 0 : 1);
  }
  EXPECT_EQ(read_text(answer.reads), "done");
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(io::write(pair.writes, "x"));
  EXPECT_FALSE(waits.recv());
  close_both(pair);
  close_both(answer);
}

// All wait, but one of them for something that only another process will do.
TEST_P(IoTest, AWaitForADescriptorIsNoDeadlock) {
  const Pair pair = make_pipe();
  const pid_t other = fork();
  if (other == 0) {
    ::usleep(50'000);
    _exit(::write(pair.writes, "late", 4) == 4 ? 0 : 1);
  }
  const auto text = make_chan<std::string>();
  go([=] { text.send(read_text(pair.reads)); });
  EXPECT_EQ(text.recv(), "late");
  EXPECT_EQ(waitpid(other, nullptr, 0), other);
  std::thread([=] { EXPECT_TRUE(io::write(pair.writes, "x")); }).join();
  EXPECT_EQ(read_text(pair.reads), "x");
  close_both(pair);
}

}  // namespace
}  // namespace gordian::test
