// SPDX-License-Identifier: Apache-2.0
// One goroutine, bounced between workers inside one optimised function: errno and the exceptions it handles stay its
// own.
#include <gordian/gordian.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace gordian {
namespace {

using namespace std::chrono_literals;

// Two threads were seen: where the goroutine is now, by a call that no compiler may fold.
__attribute__((noinline)) std::uintptr_t this_thread() {
  asm volatile("" ::: "memory");
  std::uintptr_t self = 0;
  asm volatile("movq %%fs:0, %0" : "=r"(self));
  return self;
}

// Leaves the CPU to a goroutine that spoils errno and spins until the caller runs again: that can only be on the other
// worker, unless it was the spinner that went there.
void hop() {
  std::atomic<bool> resumed{false};
  WaitGroup spinner;
  spinner.go([&] {
    errno = 1000;
    while (!resumed.load(std::memory_order_relaxed)) {
    }
  });
  yield();
  resumed = true;
  spinner.wait();
}

struct Seen {
  std::uintptr_t first = 0;
  bool moved = false;
  void look() {
    const std::uintptr_t now = this_thread();
    first = first == 0 ? now : first;
    moved = moved || now != first;
  }
};

template <class Round>
void bounce(Round round) {
  const int before = set_max_procs(2);
  const auto done = make_chan<bool>();
  go([&] {
    Seen seen;
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    for (int i = 0; (i < 100 || !seen.moved) && std::chrono::steady_clock::now() < deadline; ++i) {
      round(i, [&seen] {
        hop();
        seen.look();  // after each: two hops may well lead back
      });
    }
    done.send(seen.moved);
  });
  EXPECT_TRUE(done.recv()) << "the goroutine never changed its worker";
  set_max_procs(before);
}

TEST(Migration, ErrnoIsTheGoroutines) {
  int wrong = 0;
  bounce([&](int i, auto hop_and_look) {
    errno = i % 100 + 1;
    hop_and_look();
    wrong += errno != i % 100 + 1;
    errno = i % 50 + 2;
    hop_and_look();
    wrong += errno != i % 50 + 2;
  });
  EXPECT_EQ(wrong, 0);
}

TEST(Migration, RethrowsItsOwnException) {
  int wrong = 0;
  bounce([&](int i, auto hop_and_look) {
    try {
      try {
        throw std::runtime_error(std::to_string(i));
      } catch (...) {
        hop_and_look();
        throw;
      }
    } catch (const std::runtime_error& mine) {
      wrong += mine.what() != std::to_string(i);
    }
  });
  EXPECT_EQ(wrong, 0);
}

// Several goroutines inside catch at the same time, finishing in another order than they began.
TEST(Migration, HandlersInterleave) {
  std::atomic<int> wrong{0};
  WaitGroup group;
  for (int g = 0; g < 8; ++g) {
    group.go([&, g] {
      for (int i = 0; i < 100; ++i) {
        const std::string mine = std::to_string(g) + "/" + std::to_string(i);
        try {
          try {
            throw std::runtime_error(mine);
          } catch (const std::runtime_error&) {
            for (int k = 0; k < g; ++k) {
              yield();
            }
            wrong += std::uncaught_exceptions();
            throw;
          }
        } catch (const std::exception& caught) {
          wrong += caught.what() != mine;
        }
      }
    });
  }
  group.wait();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace gordian
