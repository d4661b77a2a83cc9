// SPDX-License-Identifier: Apache-2.0
// Waits for descriptors and the end of the program: who counts as awake, before main returns and after.
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "support/asleep.h"
#include "tests/unit/api/io_pairs.h"

namespace gordian::test {
namespace {

// When a wait for a descriptor is over, a deadlock is one again.
using IoDeath = Dying;
TEST_F(IoDeath, AfterTheWaitADeadlockIsSaidAgain) {
  EXPECT_EXIT(
      {
        const Pair pair = make_pipe();
        const auto waits = reading(pair.reads);
        io::close(pair.writes);
        waits.recv();
        waits.recv();
      },
      ::testing::ExitedWithCode(2), "all goroutines are asleep - deadlock!");
}

// Nobody who waits for a descriptor runs again after main, whatever comes: he keeps no destructor waiting for ever.
TEST_F(IoDeath, AfterMainAWaitForADescriptorCountsNoMore) {
  EXPECT_EXIT(
      {
        const Pair pair = make_pipe();
        const auto waits = reading(pair.reads);
        const auto next = reading(pair.reads);  // waits for its turn
        until_waiting(2);
        std::atexit([] { make_chan<int>().recv(); });
        std::exit(0);
      },
      ::testing::ExitedWithCode(2), R"(all goroutines are asleep - deadlock!(.|\n)*goroutine [0-9]+ \[IO wait\]:)");
}

// But a plain thread that waits for one goes on.
TEST_F(IoDeath, AfterMainAThreadThatWaitsForADescriptorGoesOn) {
  EXPECT_EXIT(
      {
        static const Pair pair = make_pipe();
        static const auto told = make_chan<std::string>();
        static step::Sleeper sleeper;
        static std::thread thread([] {
          sleeper.announce();
          told.send(read_text(pair.reads));
        });
        sleeper.await();
        std::atexit([] {
          EXPECT_EQ(::write(pair.writes, "late", 4), 4);
          _exit(told.recv() == "late" ? 0 : 1);
        });
        std::exit(1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace gordian::test
