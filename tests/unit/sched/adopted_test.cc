// SPDX-License-Identifier: Apache-2.0
// Threads that the runtime meets at their first operation: created behind its back, here by hiding the call. Until then
// they do not count as awake, so each is awaited.
#include <atomic>
#include <thread>

#include "runtime/record/recorder.h"
#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

template <class Body>
std::thread unannounced(Body body) {
  std::atomic<bool> known{false};
  const rt::record::Internal hidden;
  std::thread thread([&known, body] {
    set_goroutine_name("adopted");
    known = true;
    body();
  });
  while (!known) {
  }
  return thread;
}

class Adopted : public OverWorkers {};
GORDIAN_OVER_WORKERS(Adopted);

TEST_P(Adopted, TheyUseEverything) {
  const auto requests = make_chan<int>();
  const auto answers = make_chan<int>(4);
  Mutex mutex;
  int guarded = 0;
  std::thread server = unannounced([&] {
    for (const int request : requests) {
      const auto doubled = make_chan<int>();
      go([=] { doubled.send(2 * request); });
      const int answer = doubled.recv();
      const std::lock_guard lock(mutex);
      ++guarded;
      answers.send(answer);
    }
    answers.close();
  });
  go([=] {
    for (int i = 1; i <= 50; ++i) {
      requests.send(i);
    }
    requests.close();
  });
  int sum = 0;
  for (const int answer : answers) {
    sum += answer;
  }
  server.join();
  EXPECT_EQ(sum, 50 * 51);
  EXPECT_EQ(guarded, 50);
}

TEST_P(Adopted, TheyComeAndGo) {
  for (int round = 0; round < 20; ++round) {
    const auto channel = make_chan<int>();
    std::thread first = unannounced([=] { channel.send(1); });
    std::thread second = unannounced([=] { channel.send(2); });
    EXPECT_EQ(channel.recv() + channel.recv(), 3);
    first.join();
    second.join();
  }
}

class AdoptedDeathTest : public Dying {};

TEST_F(AdoptedDeathTest, TheyCountForTheDeadlock) {
  EXPECT_EXIT(
      {
        const auto ready = make_chan<void>();
        std::thread thread = unannounced([=] {
          ready.send();
          make_chan<int>().recv();
        });
        ready.recv();
        make_chan<int>().send(1);
      },
      ::testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!(.|\n)*thread [0-9]+ \\[chan receive\\]:");
}

}  // namespace
}  // namespace gordian::test
