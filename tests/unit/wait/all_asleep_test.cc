// SPDX-License-Identifier: Apache-2.0
// All asleep: Go's message, every goroutine with its reason, who waits for whom, exit status 2. And when it is not
// said.
#include <thread>

#include "tests/unit/api/over_workers.h"

namespace gordian::test {
namespace {

using namespace std::chrono_literals;
const ::testing::ExitedWithCode kTwo(2);

class AllAsleep : public Dying, public ::testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    Dying::SetUp();
    set_max_procs(GetParam());
  }
};
GORDIAN_OVER_WORKERS(AllAsleep);

constexpr char kHead[] = "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 \\[";

TEST_P(AllAsleep, EveryReason) {
  const auto says = [](const char* reason) { return std::string(kHead) + reason + "\\]:\n"; };
  EXPECT_EXIT(make_chan<int>().recv(), kTwo, says("chan receive"));
  EXPECT_EXIT(make_chan<int>().send(1), kTwo, says("chan send"));
  EXPECT_EXIT(Chan<int>().recv(), kTwo, says("chan receive \\(nil chan\\)"));
  EXPECT_EXIT(Chan<int>().send(1), kTwo, says("chan send \\(nil chan\\)"));
  EXPECT_EXIT(Select{}.run(), kTwo, says("select \\(no cases\\)"));
  EXPECT_EXIT((Select{on_recv(make_chan<int>()), on_send(make_chan<int>(), 1)}.run()), kTwo, says("select"));
  EXPECT_EXIT((Select{on_recv(Chan<int>()), on_recv(Chan<int>())}.run()), kTwo, says("select"));
  EXPECT_EXIT(
      {
        WaitGroup group;
        group.add(1);
        group.wait();
      },
      kTwo, says("semacquire"));
  EXPECT_EXIT(
      {
        RWMutex rw;
        rw.lock();
        rw.lock_shared();
      },
      kTwo, says("sync.RWMutex.RLock"));
  EXPECT_EXIT(
      {
        Once once;
        once.call([&] { once.call([] {}); });
      },
      kTwo, says("sync.Mutex.Lock"));
}

TEST_P(AllAsleep, ACycleOfLocksIsTold) {
  EXPECT_EXIT(
      {
        Mutex a;
        Mutex b;
        const auto ready = make_chan<void>();
        a.lock();
        go([&, ready] {
          set_goroutine_name("other");
          b.lock();
          ready.send();
          a.lock();
        });
        ready.recv();
        b.lock();
      },
      kTwo,
      "goroutine 1 \\[sync.Mutex.Lock\\]:\n(.|\n)*goroutine [0-9]+ \\[sync.Mutex.Lock\\]:\n(.|\n)*created by goroutine "
      "1 in "
      "(.|\n)*cycle:\n  goroutine [0-9]+ (\\(other\\) )?waits for mutex 0x[0-9a-f]+, held by goroutine");
}

TEST_P(AllAsleep, AKnotOfChannelsIsTold) {
  EXPECT_EXIT(
      {
        const auto a = make_chan<int>();
        const auto b = make_chan<int>();
        go([=] { b.send(a.recv()); });
        a.send(b.recv());
      },
      kTwo, "knot: (.|\n)*goroutine 1 waits to receive from channel 0x");
}

TEST_P(AllAsleep, AThreadThatParksCounts) {
  EXPECT_EXIT(
      {
        const auto channel = make_chan<int>();
        std::thread thread([channel] { channel.recv(); });
        Chan<int>().recv();
      },
      kTwo, "all goroutines are asleep - deadlock!(.|\n)*thread [0-9]+ \\[chan receive\\]:");
  EXPECT_EXIT(
      {
        const auto channel = make_chan<int>();
        std::thread thread([channel] { channel.recv(); });
        thread.join();
      },
      kTwo, "all goroutines are asleep - deadlock!(.|\n)*goroutine 1 \\[thread join\\]:");
}

TEST_P(AllAsleep, NotWhileATimerRuns) {
  EXPECT_EXIT(
      {
        const auto channel = make_chan<int>();
        go([channel] {
          sleep(20ms);
          channel.send(1);
        });
        channel.recv();
        after(10ms).recv();
        _exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST_P(AllAsleep, NotWhileAThreadRuns) {
  EXPECT_EXIT(
      {
        const auto channel = make_chan<int>();
        std::thread thread([channel] {
          std::this_thread::sleep_for(20ms);
          channel.send(1);
        });
        channel.recv();
        thread.join();
        std::thread other([] {});
        other.join();
        _exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace gordian::test
