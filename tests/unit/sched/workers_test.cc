// SPDX-License-Identifier: Apache-2.0
// Several workers: goroutines move, work is stolen, run-next is not left to a busy worker, benched workers rest.
#include <atomic>
#include <set>

#include "runtime/sched/sched.h"
#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;
using rt::sched::current_worker_index;

TEST(Workers, AGoroutineIsSeenOnTwoWorkersAndStealsHappen) {
  const int before = set_max_procs(2);
  const std::uint64_t steals = rt::sched::stats().steals;
  const auto seen_on = make_chan<std::size_t>();
  go([=] {
    std::set<int> workers;
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (workers.size() < 2 && std::chrono::steady_clock::now() < deadline) {
      workers.insert(current_worker_index());
      std::atomic<bool> resumed{false};
      WaitGroup spinner;
      spinner.go([&] {
        while (!resumed) {
        }
      });
      yield();
      resumed = true;
      spinner.wait();
    }
    seen_on.send(workers.size());
  });
  EXPECT_EQ(seen_on.recv(), 2u);
  EXPECT_GT(rt::sched::stats().steals, steals);
  EXPECT_GE(rt::sched::stats().workers, 2u);  // more if one of them looked stuck: sched/lookout.h
  set_max_procs(before);
}

// Main wakes somebody and goes on computing: an idle worker takes him over.
TEST(Workers, RunNextDoesNotWaitForABusyWorker) {
  const int before = set_max_procs(2);
  const auto channel = make_chan<int>();
  std::atomic<bool> served{false};
  go([&, channel] {
    channel.recv();
    served = true;
  });
  yield();
  channel.send(1);
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!served && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_TRUE(served);
  set_max_procs(before);
}

TEST(Workers, FewerAndMoreWhileRunning) {
  const int before = set_max_procs(1);
  for (const int procs : {4, 1, 2, 1, 4, 2, 1}) {
    set_max_procs(procs);
    WaitGroup group;
    std::atomic<int> ran{0};
    for (int i = 0; i < 200; ++i) {
      group.go([&] {
        yield();
        ++ran;
      });
    }
    group.wait();
    EXPECT_EQ(ran, 200);
  }
  set_max_procs(before);
}

TEST(Workers, MainStaysOnWorkerZero) {
  const int before = set_max_procs(4);
  for (int i = 0; i < 100; ++i) {
    const auto channel = make_chan<int>();
    go([channel] { channel.send(1); });
    channel.recv();
    ASSERT_EQ(current_worker_index(), 0);
    yield();
    ASSERT_EQ(current_worker_index(), 0);
  }
  set_max_procs(before);
}

}  // namespace
}  // namespace gordian::test
