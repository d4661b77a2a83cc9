// SPDX-License-Identifier: Apache-2.0
// The figures of locks against a simulation that looks at its clock: thousands of random programs of threads that lock,
// try, wait, hand over and release, each thread a stream of its own, so that the merge is free to order them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "analyzer/detect/contention.h"
#include "analyzer/ingest/merge.h"
#include "runtime/trace/builder.h"

namespace gordian::analysis {
namespace {

using trace::LockMode;
using trace::WaitReason;

struct Truth {
  std::uint64_t acquisitions = 0, waits = 0, failed = 0, bypasses = 0, waited = 0, longest_wait = 0, longest_hold = 0;
};

// Punctual: everybody looks at the clock before and after each operation on a lock. Then nothing may be missed.
class RandomThreads {
 public:
  RandomThreads(std::uint32_t seed, bool punctual) : random_(seed), punctual_(punctual) {
    const std::size_t count = 2 + random_() % 4;
    threads_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      threads_[i].id = i + 1;
      threads_[i].out = &trace_.stream();
    }
    start(threads_[0]);
    for (std::size_t i = 0; i < locks_.size(); ++i) {
      locks_[i].id = i + 1;
      const auto kind = i == 0 ? trace::ObjectKind::mutex : trace::ObjectKind::rwmutex;
      write(threads_[0], trace::Object{0, i + 1, static_cast<std::uint64_t>(kind), 0x1000 * (i + 1), 0});
    }
    for (std::size_t i = 1; i < count; ++i) {
      write(threads_[0], trace::ThreadCreate{0, i + 1, i});
      start(threads_[i]);
    }
    for (int steps = 0; steps < 120; ++steps) {
      step(threads_[random_() % count]);
    }
    finish();
  }

  [[nodiscard]] std::vector<std::uint8_t> bytes() const { return trace_.bytes(); }
  [[nodiscard]] std::uint64_t end() const { return clock_; }
  std::map<ObjectId, Truth> truth;

 private:
  struct Lock {
    std::uint64_t id = 0, ticket = 0;
    std::size_t writers = 0, readers = 0;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> served;  // who, and when he asked
  };
  struct Hold {
    Lock* lock = nullptr;
    LockMode mode{};
    std::uint64_t from = 0;  // punctual: the first look at the clock after the lock
    bool is_timed = false;
  };
  struct Thread {
    std::uint64_t id = 0, run = 0;
    trace::StreamBuilder* out = nullptr;
    Lock* waits = nullptr;  // blocked, or granted and not yet running
    LockMode mode{};
    bool is_granted = false;
    std::uint64_t asked = 0;
    std::vector<Hold> holds;
  };

  template <class Event>
  void write(Thread& thread, const Event& event) {
    thread.out->event(event);
  }
  void start(Thread& thread) {
    write(thread, trace::ThreadStart{thread.id, 100 + thread.id});
    write(thread, trace::Switch{thread.id, ++thread.run, ++clock_});
  }
  void look_at_clock(Thread& thread) {
    write(thread, trace::Ready{thread.id, thread.run});
    resume(thread);
  }
  void resume(Thread& thread) {
    write(thread, trace::Switch{thread.id, ++thread.run, ++clock_});
    for (Hold& hold : thread.holds) {
      hold.from = hold.is_timed ? hold.from : clock_;
      hold.is_timed = true;
    }
  }
  static bool is_free(const Lock& lock, LockMode mode) {
    return lock.writers == 0 && (mode == LockMode::shared || lock.readers == 0);
  }
  Truth& of(const Lock& lock) { return truth[ObjectId(lock.id)]; }

  void step(Thread& thread) {
    if (thread.waits != nullptr) {
      return go_on(thread);
    }
    if (punctual_ || random_() % 3 == 0) {
      look_at_clock(thread);
    }
    const bool releases = !thread.holds.empty() && random_() % 2 == 0;
    releases ? release(thread) : ask(thread);
    if (punctual_ && thread.waits == nullptr) {
      look_at_clock(thread);
    }
  }
  void go_on(Thread& thread) {
    if (thread.is_granted) {
      write_wait(thread, clock_ + 1);
      thread.waits = nullptr;
      thread.is_granted = false;
      resume(thread);
    } else if (is_free(*thread.waits, thread.mode)) {
      look_at_clock(thread);
      write_wait(thread, clock_);
      Lock& lock = *std::exchange(thread.waits, nullptr);
      serve(thread, lock, true);
      write(thread, trace::Lock{0, lock.id, ++lock.ticket, static_cast<std::uint64_t>(thread.mode), 0, 0});
      if (punctual_) {
        look_at_clock(thread);
      }
    }
  }
  void write_wait(const Thread& thread, std::uint64_t until) {
    Truth& of_lock = of(*thread.waits);
    of_lock.waited += until - thread.asked;
    of_lock.longest_wait = std::max(of_lock.longest_wait, until - thread.asked);
  }
  void ask(Thread& thread) {
    Lock& lock = locks_[random_() % locks_.size()];
    const bool is_mine =
        std::any_of(thread.holds.begin(), thread.holds.end(), [&](const Hold& h) { return h.lock == &lock; });
    if (is_mine) {
      return;
    }
    thread.mode = lock.id == 1 || random_() % 2 == 0 ? LockMode::exclusive : LockMode::shared;
    thread.asked = ++clock_;
    const auto mode = static_cast<std::uint64_t>(thread.mode);
    const bool tries = random_() % 3 == 0;
    if (!is_free(lock, thread.mode)) {
      tries ? fail(thread, lock) : wait(thread, lock);
      return;
    }
    serve(thread, lock, false);
    tries ? write(thread, trace::TryLock{0, lock.id, ++lock.ticket, mode})
          : write(thread, trace::Lock{0, lock.id, ++lock.ticket, mode, 0, 0});
  }
  void fail(Thread& thread, Lock& lock) {
    ++of(lock).failed;
    write(thread, trace::TryLockFailed{0, lock.id, static_cast<std::uint64_t>(thread.mode)});
  }
  void wait(Thread& thread, Lock& lock) {
    ++of(lock).waits;
    thread.waits = &lock;
    const WaitReason reason = lock.id == 1                         ? WaitReason::mutex_lock
                              : thread.mode == LockMode::exclusive ? WaitReason::rwmutex_lock
                                                                   : WaitReason::rwmutex_rlock;
    const std::uint64_t objects[] = {lock.id};
    write(thread, trace::Block{0, static_cast<std::uint64_t>(reason), clock_, objects});
  }
  // By its definition: those who asked later than a waiting one and were served before it.
  void serve(Thread& thread, Lock& lock, bool waited) {
    ++of(lock).acquisitions;
    of(lock).bypasses += waited ? bypasses(thread, lock) : 0;
    lock.served.emplace_back(thread.id, thread.asked);
    ++(thread.mode == LockMode::exclusive ? lock.writers : lock.readers);
    thread.holds.push_back({&lock, thread.mode, clock_, !punctual_});
  }
  static std::uint64_t bypasses(const Thread& thread, const Lock& lock) {
    return static_cast<std::uint64_t>(std::count_if(lock.served.begin(), lock.served.end(), [&](const auto& other) {
      return other.first != thread.id && other.second > thread.asked;
    }));
  }
  void release(Thread& thread) {
    const Hold hold = thread.holds.back();
    thread.holds.pop_back();
    Lock& lock = *hold.lock;
    write_hold(hold);
    --(hold.mode == LockMode::exclusive ? lock.writers : lock.readers);
    write(thread, trace::Unlock{0, lock.id, ++lock.ticket, static_cast<std::uint64_t>(hold.mode)});
    if (random_() % 2 == 0) {
      hand_over(thread, lock);
    }
  }
  void write_hold(const Hold& hold) {
    const std::uint64_t length = hold.is_timed ? clock_ - hold.from : 0;
    of(*hold.lock).longest_hold = std::max(of(*hold.lock).longest_hold, length);
  }
  void hand_over(Thread& thread, Lock& lock) {
    for (Thread& other : threads_) {
      if (other.waits == &lock && !other.is_granted && is_free(lock, other.mode) && random_() % 2 == 0) {
        serve(other, lock, true);
        other.is_granted = true;
        write(thread,
              trace::Lock{0, lock.id, ++lock.ticket, static_cast<std::uint64_t>(other.mode), other.id, other.run});
      }
    }
  }
  void finish() {
    for (Thread& thread : threads_) {
      if (thread.waits != nullptr) {
        write_wait(thread, clock_);
        of(*thread.waits).bypasses += thread.is_granted ? 0 : bypasses(thread, *thread.waits);
      }
      std::for_each(thread.holds.begin(), thread.holds.end(), [&](const Hold& hold) { write_hold(hold); });
    }
  }

  std::mt19937 random_;
  const bool punctual_;
  trace::TraceBuilder trace_;
  std::vector<Thread> threads_;
  std::array<Lock, 2> locks_;
  std::uint64_t clock_ = 1;
};

std::map<ObjectId, Contention> figures_of(const RandomThreads& program) {
  const Result<trace::TraceFile> file = trace::TraceFile::from_bytes(program.bytes(), "oracle");
  EXPECT_TRUE(file.has_value());
  const Result<Symbols> symbols = Symbols::read(*file);
  EXPECT_TRUE(symbols.has_value());
  World world;
  StackTable stacks;
  const ObjectNames names(*symbols, stacks);
  ContentionFigures detector({world, *symbols, stacks, names, {1.0, program.end()}}, {});
  const Result<MergeSummary> merged = merge(*file, *symbols, stacks, {&detector});
  EXPECT_TRUE(merged.has_value());
  EXPECT_EQ((*merged).unordered, 0U) << "no legal trace";
  std::vector<Finding> findings;
  detector.finish(findings);
  std::map<ObjectId, Contention> figures;
  for (const Contention& of_lock : detector.figures()) {
    figures[of_lock.object.id] = of_lock;
  }
  return figures;
}

void compare(const Truth& truth, const Contention& figures, bool punctual) {
  EXPECT_EQ(figures.acquisitions, truth.acquisitions);
  EXPECT_EQ(figures.waits, truth.waits);
  EXPECT_EQ(figures.failed, truth.failed);
  EXPECT_EQ(figures.waited_ns, truth.waited);
  EXPECT_EQ(figures.longest_wait_ns, truth.longest_wait);
  EXPECT_LE(figures.bypasses, truth.bypasses);
  EXPECT_LE(figures.longest_hold_ns, truth.longest_hold);
  if (punctual) {
    EXPECT_EQ(figures.bypasses, truth.bypasses);
    EXPECT_EQ(figures.longest_hold_ns, truth.longest_hold);
  }
}

// Returns how many bypasses there were, so that a comparison of nothings does not pass.
std::uint64_t check_programs(bool punctual) {
  std::uint64_t bypasses = 0;
  for (std::uint32_t seed = 1; seed <= 3000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomThreads program(seed, punctual);
    std::map<ObjectId, Contention> figures = figures_of(program);
    for (const auto& [lock, truth] : program.truth) {
      if (truth.waits + truth.failed != 0) {
        SCOPED_TRACE(testing::Message() << "lock " << lock.value);
        EXPECT_TRUE(figures.contains(lock));
        compare(truth, figures[lock], punctual);
        bypasses += figures[lock].bypasses;
      }
    }
  }
  return bypasses;
}

TEST(ContentionOracle, WhoLooksAtTheClockMissesNothing) { EXPECT_GT(check_programs(true), 10'000U); }

TEST(ContentionOracle, WhoRarelyLooksNeverSaysTooMuch) { EXPECT_GT(check_programs(false), 1'000U); }

}  // namespace
}  // namespace gordian::analysis
