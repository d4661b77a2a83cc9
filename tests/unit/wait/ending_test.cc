// SPDX-License-Identifier: Apache-2.0
// What runs when the program ends: exit handlers, and no goroutine beside them (sched/stop.h).
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ExitedWithCode;

class Ending : public Dying, public ::testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    Dying::SetUp();
    set_max_procs(GetParam());
    alarm(120);
  }
};
GORDIAN_OVER_WORKERS(Ending);

std::atomic<int> g_turns{0};

void end_with(void (*handler)()) {
  std::atexit(handler);
  std::exit(1);
}

TEST_P(Ending, NoGoroutineRunsBesideExitHandlers) {
  EXPECT_EXIT(
      {
        for (int i = 0; i < 4; ++i) {
          go([] {
            for (;;) {
              ++g_turns;
              yield();
            }
          });
        }
        while (g_turns < 100) {
          yield();
        }
        end_with([] {
          const int seen = g_turns;
          for (int i = 0; i < 20000; ++i) {
            std::this_thread::yield();
          }
          _exit(g_turns == seen ? 5 : 6);
        });
      },
      ExitedWithCode(5), "");
}

TEST_P(Ending, AComputingGoroutineIsNoObstacle) {
  EXPECT_EXIT(
      {
        std::atomic<bool> runs{false};
        go([&] {
          runs = true;
          for (;;) {
          }
        });
        while (!runs) {
        }
        end_with([] { _exit(5); });
      },
      ExitedWithCode(5), "");
}

TEST_P(Ending, AnExitHandlerThatWaitsForAGoroutineIsADeadlock) {
  EXPECT_EXIT(
      {
        static const Chan<int> channel = make_chan<int>();
        go([] { channel.recv(); });
        yield();
        end_with([] { channel.recv(); });
      },
      ExitedWithCode(2), "all goroutines are asleep - deadlock!\n\ngoroutine 1 \\[chan receive\\]");
  EXPECT_EXIT(end_with([] {
                WaitGroup group;
                group.go([] {});
                group.wait();
              }),
              ExitedWithCode(2), "all goroutines are asleep - deadlock!\n\ngoroutine 1 \\[semacquire\\]");
}

TEST_P(Ending, TheSameOnAThread) {
  EXPECT_EXIT(
      {
        std::thread thread([] { end_with([] { make_chan<int>().recv(); }); });
        thread.join();
      },
      ExitedWithCode(2), "all goroutines are asleep - deadlock!(.|\n)*thread [0-9]+ \\[chan receive\\]");
}

TEST_P(Ending, TheSameInAGoroutine) {
  EXPECT_EXIT(
      {
        go([] { end_with([] { make_chan<int>().recv(); }); });
        make_chan<int>().recv();
      },
      ExitedWithCode(2), "all goroutines are asleep - deadlock!");
}

TEST_P(Ending, AnExitHandlerMaySleepAndHearFromThreads) {
  EXPECT_EXIT(
      {
        static const Chan<int> channel = make_chan<int>();
        go([] { sleep(1h); });
        yield();
        std::thread([] { channel.send(5); }).detach();
        end_with([] {
          sleep(2ms);
          after(2ms).recv();
          _exit(channel.recv());
        });
      },
      ExitedWithCode(5), "");
}

}  // namespace
}  // namespace gordian::test
