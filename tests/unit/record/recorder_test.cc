// SPDX-License-Identifier: Apache-2.0
// What a process that was killed leaves behind.
#include "runtime/record/recorder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <thread>

#include "runtime/record/ring.h"
#include "tests/unit/record/program.h"
#include "tests/unit/record/recorded.h"

namespace gordian::test {
namespace {

using rt::record::emit;
using trace::EventKind;

TEST(Recorder, EveryEventIsInTheRingWhenEmitReturns) {
  const Recorded seen = record_in_child([] {
    start_main();
    for (std::uint64_t ticket = 1; ticket <= 50000; ++ticket) {
      emit(trace::Lock{.object = 7, .ticket = ticket});
    }
  });
  const std::vector<Seen> locks = seen.of(EventKind::Lock);
  ASSERT_EQ(locks.size(), 50000u);
  for (std::uint64_t index = 0; index < locks.size(); ++index) {
    ASSERT_EQ(locks[index].field.at("ticket"), index + 1);
  }
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
  EXPECT_EQ(seen.lost_sync, 0u);
}

TEST(Recorder, AThreadBeginsWithItsActorAndTheFirstRun) {
  const Recorded seen = record_in_child(start_main);
  const std::vector<Seen>& events = seen.events.at(1);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].kind, EventKind::ThreadStart);
  EXPECT_EQ(events[0].field.at("actor"), 1u);
  EXPECT_EQ(events[1].kind, EventKind::Switch);
  EXPECT_EQ(events[1].field.at("run"), 1u);
}

TEST(Recorder, TheRingFlowsOnWhileItIsDrained) {
  constexpr std::uint64_t kEvents = 300000;  // many times what eight chunks hold
  static const std::uint32_t kFunction = 3;
  const Recorded seen = record_in_child(
      [] {
        start_main();
        enter(kFunction);
        for (std::uint64_t ticket = 1; ticket <= kEvents; ++ticket) {
          access(1, ticket);
          emit(trace::Lock{.object = 7, .ticket = ticket});
        }
      },
      8, true);
  EXPECT_EQ(seen.of(EventKind::Lock).size(), kEvents);
  ASSERT_EQ(seen.accesses.at(1).size(), kEvents);
  for (std::uint64_t index = 0; index < kEvents; ++index) {
    ASSERT_EQ(seen.accesses.at(1)[index].address, index + 1);
  }
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
  EXPECT_EQ(seen.lost_sync + seen.lost_access, 0u);
}

// [I7] The drainer of the test sleeps for four seconds if nobody wakes it, and one chunk is too little.
TEST(Recorder, ADrainerIsWokenWhenThereIsEnoughToDo) {
  const Recorded seen = record_in_child(
      [] {
        start_main();
        const trace::RingHeader& ring = *rt::record::g_ring.header();
        while (ring.sealed < 2 * trace::kWakeAfter) {
          emit(trace::Fence{.order = 1});
        }
        // Half as long as the drainer sleeps if nobody wakes it.
        for (int i = 0; i < 30000 && ring.freed == 0; ++i) {
          usleep(1000);
        }
        if (ring.freed == 0) {
          _exit(1);
        }
      },
      kRoomy, true);
  EXPECT_EQ(seen.lost_sync, 0u);
}

TEST(Recorder, AccessesLieBetweenTheEventsAroundThem) {
  static const std::uint32_t kFunction = 3;
  const Recorded seen = record_in_child([] {
    start_main();  // events 0 and 1
    enter(kFunction);
    access(1, 0x10);
    emit(trace::Name{.text = "a"});  // event 2
    access(2, 0x20);
    access(3, 0x30);
    emit(trace::Name{.text = "b"});  // event 3
    access(4, 0x40);
  });
  const std::vector<SeenAccess>& accesses = seen.accesses.at(1);
  ASSERT_EQ(accesses.size(), 4u);  // none was ever committed: [I3] finds them
  EXPECT_EQ(accesses[0].marker, 2u);
  EXPECT_EQ(accesses[1].marker, 3u);
  EXPECT_EQ(accesses[2].marker, 3u);
  EXPECT_EQ(accesses[3].marker, 4u);
  EXPECT_EQ(accesses[3].address, 0x40u);
  EXPECT_EQ(accesses[3].stack, std::vector<std::uint32_t>{3});
}

TEST(Recorder, ARecordThatTheKillCutInTheMiddleIsDropped) {
  static const std::uint32_t kFunction = 3;
  const Recorded seen = record_in_child([] {
    start_main();
    enter(kFunction);
    access(1, 0x10);
    std::uint64_t* cursor = gordian_rt_access_slow(3);
    cursor[0] = trace::control_word(trace::ControlType::range, 2);
    cursor[1] = 0x1000;  // and the length is still to come
  });
  ASSERT_EQ(seen.accesses.at(1).size(), 1u);
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
}

TEST(Recorder, AnUnknownThreadBecomesAStreamOfItsOwn) {
  const Recorded seen = record_in_child([] {
    start_main();
    std::thread([] {
      emit(trace::Name{.text = "stranger"});
      access(1, 0x10);  // no shadow stack: nobody could say where; lost, and counted with the next one
      rt::record::publish();
    }).join();
  });
  ASSERT_EQ(seen.events.size(), 2u);
  EXPECT_EQ(seen.events.at(2).front().kind, EventKind::ThreadStart);
  EXPECT_EQ(seen.events.at(2).back().kind, EventKind::Name);
  EXPECT_TRUE(seen.accesses.empty());
  EXPECT_EQ(seen.lost_access, 1u);
}

TEST(Recorder, NothingIsRecordedAfterTheEndOfAThread) {
  const Recorded seen = record_in_child([] {
    start_main();
    std::thread([] {
      rt::record::start_own_thread(rt::record::new_actor_id(), nullptr);
      rt::record::end_thread();
      rt::record::free(0x1000, 16, trace::MemoryKind::heap);
    }).join();
  });
  EXPECT_EQ(seen.events.at(2).back().kind, EventKind::ThreadEnd);
  EXPECT_EQ(seen.lost_sync, 0u);
}

TEST(Recorder, AForkedChildWritesNothing) {
  static const std::uint32_t kFunction = 3;
  const Recorded seen = record_in_child([] {
    start_main();
    enter(kFunction);
    access(1, 0x10);
    const pid_t child = fork();
    if (child == 0) {
      rt::record::stop_in_child();
      for (int index = 0; index < 100000; ++index) {
        access(2, 0x20);
        emit(trace::Name{.text = "child"});
      }
      rt::record::record_exit(0, false);
      _exit(7);
    }
    int status = 0;
    waitpid(child, &status, 0);
    emit(trace::Fence{.order = static_cast<std::uint64_t>(WEXITSTATUS(status))});
    access(1, 0x30);
  });
  EXPECT_TRUE(seen.of(EventKind::Name).empty());
  EXPECT_TRUE(seen.of(EventKind::Exit).empty());
  ASSERT_EQ(seen.of(EventKind::Fence).size(), 1u);
  EXPECT_EQ(seen.of(EventKind::Fence)[0].field.at("order"), 7u);  // the child was well
  EXPECT_EQ(seen.accesses.at(1).size(), 2u);
}

TEST(Recorder, ErrnoIsKept) {
  const Recorded seen = record_in_child(
      [] {
        errno = 77;
        start_main();
        for (int index = 0; index < 20000; ++index) {  // through full rings and waits
          emit(trace::Fence{.order = 1});
          access(1, 1);
          rt::record::alloc(0x1000, 8, trace::MemoryKind::heap);
        }
        rt::record::publish();
        rt::record::record_exit(0, true);
        if (errno != 77) {
          _exit(1);
        }
      },
      2, true);
  EXPECT_EQ(seen.of(EventKind::Exit).size(), 1u);
}

TEST(Recorder, ExitIsWrittenOnce) {
  const Recorded seen = record_in_child([] {
    start_main();
    rt::record::record_exit(3, true);
    rt::record::record_exit(0, false);
  });
  ASSERT_EQ(seen.of(EventKind::Exit).size(), 1u);
  EXPECT_EQ(seen.of(EventKind::Exit)[0].field.at("status"), 3u);
}

TEST(Recorder, ASignalHandlerInsideAnAppendIsCountedNotWritten) {
  const Recorded seen = record_in_child([] {
    start_main();
    std::uint64_t site = 0;
    std::uint8_t* out = rt::record::reserve(64, false, &site);  // interrupted here
    emit(trace::Name{.text = "handler"});
    rt::record::commit(trace::encode(out, trace::Fence{.order = 5}));
    emit(trace::Fence{.order = 6});
  });
  EXPECT_TRUE(seen.of(EventKind::Name).empty());
  EXPECT_EQ(seen.of(EventKind::Fence).size(), 2u);
  EXPECT_EQ(seen.lost_sync, 1u);
  EXPECT_TRUE(seen.problems.empty());
}

}  // namespace
}  // namespace gordian::test
