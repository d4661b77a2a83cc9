// SPDX-License-Identifier: Apache-2.0
// A thousand connections over loopback, all open at once, with 1, 2 and 4 workers: no wake-up is lost, no answer goes
// to another's question, nobody is left over.
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

constexpr int kConnections = 1000;
constexpr int kRounds = 3;

class IoStress : public OverWorkers {
 protected:
  void SetUp() override {
    rlimit limit{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    // Both ends of every connection are descriptors of this process, and all are open at once: that is the test. With
    // fewer connections nothing would be left of the load.
    if (limit.rlim_max < 2 * kConnections + 100) {
      GTEST_SKIP() << "needs " << 2 * kConnections + 100 << " descriptors at once; the hard limit, which only the "
                   << "administrator can raise, is " << limit.rlim_max;
    }
    OverWorkers::SetUp();
    alarm(120);  // a lost wake-up
  }
  void TearDown() override {
    OverWorkers::TearDown();
    alarm(0);
  }
};
GORDIAN_OVER_WORKERS(IoStress);

// Reads all of it; false at the end of the connection.
bool read_number(int descriptor, std::uint64_t& number) {
  char* const bytes = reinterpret_cast<char*>(&number);
  for (std::size_t got = 0; got < sizeof(number);) {
    const auto piece = io::read(descriptor, bytes + got, sizeof(number) - got);
    EXPECT_TRUE(piece) << piece.error;
    if (!piece || piece.bytes == 0) {
      return false;
    }
    got += piece.bytes;
  }
  return true;
}

void answer(int connection) {
  for (std::uint64_t number = 0; read_number(connection, number);) {
    number *= 2;
    EXPECT_TRUE(io::write(connection, &number, sizeof(number)));
  }
  io::close(connection);
}

void ask(std::uint16_t port, std::uint64_t question, WaitGroup& all_here) {
  const auto server = io::connect_tcp("127.0.0.1", port);
  EXPECT_TRUE(server) << server.error;
  for (int round = 0; round < kRounds; ++round) {
    std::uint64_t number = question;
    EXPECT_TRUE(io::write(server.descriptor, &number, sizeof(number)));
    EXPECT_TRUE(read_number(server.descriptor, number));
    EXPECT_EQ(number, 2 * question);
    if (round == 0) {
      all_here.done();
      all_here.wait();
    }
  }
  io::close(server.descriptor);
}

TEST_P(IoStress, AThousandConnectionsAtOnce) {
  const auto listener = io::listen_tcp("127.0.0.1", 0);
  ASSERT_TRUE(listener) << listener.error;
  WaitGroup servers;
  WaitGroup clients;
  WaitGroup all_here;
  servers.go([&] {
    for (auto client = io::accept(listener.descriptor); client; client = io::accept(listener.descriptor)) {
      servers.go([connection = client.descriptor] { answer(connection); });
    }
  });
  all_here.add(kConnections);
  for (std::uint64_t i = 0; i < kConnections; ++i) {
    clients.go([&, i] { ask(io::port_of(listener.descriptor), i, all_here); });
  }
  clients.wait();
  io::close(listener.descriptor);
  servers.wait();
}

// Many writers, one reader, and a deadline that is set anew all the time.
TEST_P(IoStress, WritersDeadlinesAndClosesMeet) {
  for (int round = 0; round < 50; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    WaitGroup group;
    for (int i = 0; i < 4; ++i) {
      group.go([&] { (void)io::write(ends[1], std::string(100'000, 'x')); });
    }
    group.go([&] {
      char buffer[4096];
      for (int i = 0; i < 40 && io::read(ends[0], buffer, sizeof(buffer)); ++i) {
        io::set_read_deadline(ends[0], std::chrono::steady_clock::now() + std::chrono::seconds(1));
      }
      io::close(ends[0]);
    });
    group.wait();
    io::close(ends[1]);
  }
}

}  // namespace
}  // namespace gordian::test
