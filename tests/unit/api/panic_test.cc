// SPDX-License-Identifier: Apache-2.0
// Panics and fatal errors: Go's texts, exit status 2.
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/unit/api/over_workers.h"
#include "tests/unit/api/panic_text.h"

namespace gordian::test {
namespace {

TEST(Panics, HaveGosTexts) {
  const auto closed = make_chan<int>(1);
  closed.close();
  EXPECT_EQ(text_of_panic([&] { closed.send(1); }), "send on closed channel");
  EXPECT_EQ(text_of_panic([&] { static_cast<void>(closed.try_send(1)); }), "send on closed channel");
  EXPECT_EQ(text_of_panic([&] { closed.close(); }), "close of closed channel");
  EXPECT_EQ(text_of_panic([] { Chan<int>().close(); }), "close of nil channel");
  EXPECT_EQ(text_of_panic([] { static_cast<void>(make_chan<int>(-1)); }), "makechan: size out of range");
  EXPECT_EQ(text_of_panic([] { static_cast<void>(make_chan<int>(std::int64_t{1} << 60)); }),
            "makechan: size out of range");
  EXPECT_EQ(text_of_panic([] { WaitGroup().done(); }), "sync: negative WaitGroup counter");
}

TEST(Panics, CarryTheirValue) {
  EXPECT_EQ(text_of_panic([] { panic("text"); }), "text");
  EXPECT_EQ(text_of_panic([] { panic(42); }), "42");
  EXPECT_EQ(text_of_panic([] { panic(std::runtime_error("what")); }), "what");
  try {
    panic(42);
  } catch (const Panic& caught) {
    ASSERT_NE(caught.value<int>(), nullptr);
    EXPECT_EQ(*caught.value<int>(), 42);
    EXPECT_EQ(caught.value<double>(), nullptr);
  }
}

TEST(Panics, DeferredCallsRunInReverse) {
  std::string order;
  EXPECT_THROW(
      {
        const Defer first([&] { order += "1"; });
        GORDIAN_DEFER { order += "2"; };
        panic("x");
      },
      Panic);
  EXPECT_EQ(order, "21");
}

class PanicDeath : public Dying {};

TEST_F(PanicDeath, UncaughtInMain) {
  EXPECT_EXIT(
      {
        const auto done = make_chan<void>();
        go([] {
          GORDIAN_DEFER { std::fputs("deferred\n", stderr); };
          panic("boom");
        });
        done.recv();
      },
      ::testing::ExitedWithCode(2), "deferred\npanic: boom\n\ngoroutine [0-9]+ \\[running\\]:");
}

TEST_F(PanicDeath, OtherExceptions) {
  EXPECT_EXIT(
      {
        go([] { throw std::out_of_range("index 5"); });
        make_chan<void>().recv();
      },
      ::testing::ExitedWithCode(2), "panic: std::out_of_range: index 5\n\ngoroutine [0-9]+ \\[running\\]:");
}

// Takes long to go, also when there is nothing in it any more.
struct Reluctant {
  Reluctant() = default;
  Reluctant(Reluctant&&) noexcept {}
  ~Reluctant() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }
};

// A wait() that returned would end the program first, with another status.
TEST_F(PanicDeath, NobodyIsDoneByIt) {
  EXPECT_EXIT(
      {
        WaitGroup group;
        group.go([holds = Reluctant()] { panic("boom"); });
        group.wait();
      },
      ::testing::ExitedWithCode(2), "panic: boom");
}

TEST_F(PanicDeath, FatalErrorsCannotBeRecovered) {
  const auto survives = [](auto f) {
    try {
      f();
    } catch (...) {
    }
  };
  const ::testing::ExitedWithCode two(2);
  EXPECT_EXIT(survives([] { Mutex().unlock(); }), two, "fatal error: sync: unlock of unlocked mutex");
  EXPECT_EXIT(survives([] { RWMutex().unlock(); }), two, "fatal error: sync: Unlock of unlocked RWMutex");
  EXPECT_EXIT(survives([] { RWMutex().unlock_shared(); }), two, "fatal error: sync: RUnlock of unlocked RWMutex");
  EXPECT_EXIT(survives([] { go(static_cast<void (*)()>(nullptr)); }), two, "fatal error: go of nil func value");
}

}  // namespace
}  // namespace gordian::test
