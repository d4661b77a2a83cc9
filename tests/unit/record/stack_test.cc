// SPDX-License-Identifier: Apache-2.0
// Stack deltas: whatever the program did, the reader's stack at each event and access is the program's.
#include <gtest/gtest.h>

#include <random>

#include "runtime/record/shadow_stack.h"
#include "runtime/record/stack_delta.h"
#include "tests/unit/record/program.h"
#include "tests/unit/record/recorded.h"

namespace gordian::test {
namespace {

using rt::record::Actor;
using rt::record::emit;

constexpr std::size_t kStackBytes = std::size_t{64} << 20;
constexpr int kFunctions = 50;
std::uint32_t g_functions[kFunctions];

void number_functions() {
  for (int index = 0; index < kFunctions; ++index) {
    g_functions[index] = static_cast<std::uint32_t>(index + 1);
  }
}

void make(Actor& actor) {
  actor.id = rt::record::new_actor_id();
  actor.frames = actor.frame_top = rt::record::allocate_frames(kStackBytes);
}

// A random walk over calls, returns, events, accesses and switches between three actors. Event and access carry a
// number under which the walk, run once more by the reader, knows the true stack.
struct Walk {
  explicit Walk(unsigned seed) : random(seed) {}

  template <class Act>
  void run(int steps, Act&& act) {
    for (int step = 0; step < steps; ++step) {
      const unsigned dice = random() % 100;
      std::vector<std::uint32_t>& stack = stacks[actor];
      if (dice < 28 || stack.empty()) {
        const auto function = static_cast<std::uint32_t>(random() % kFunctions);
        stack.push_back(function + 1);
        act.enter(function);
      } else if (dice < 55) {
        stack.pop_back();
        act.leave();
      } else if (dice < 75) {
        act.event(static_cast<std::uint64_t>(step), stack);
      } else if (dice < 95) {
        act.access(static_cast<std::uint64_t>(step), stack);
      } else {
        actor = random() % 3;
        act.switch_to(actor);
      }
    }
  }

  std::mt19937 random;
  std::vector<std::uint32_t> stacks[3];
  std::size_t actor = 0;
};

struct Program {
  Actor* actors;
  Actor* running;
  void enter(std::uint32_t function) { test::enter(g_functions[function]); }
  void leave() { test::leave(); }
  void event(std::uint64_t number, const std::vector<std::uint32_t>&) { emit(trace::Fence{.order = number}); }
  void access(std::uint64_t number, const std::vector<std::uint32_t>&) { test::access(0, number); }
  void switch_to(std::size_t index) {
    rt::record::switch_actor(running, &actors[index]);
    running = &actors[index];
  }
};

struct Truth {
  std::map<std::uint64_t, std::vector<std::uint32_t>> events;
  std::map<std::uint64_t, std::vector<std::uint32_t>> accesses;
  void enter(std::uint32_t) {}
  void leave() {}
  void event(std::uint64_t number, const std::vector<std::uint32_t>& stack) { events[number] = stack; }
  void access(std::uint64_t number, const std::vector<std::uint32_t>& stack) { accesses[number] = stack; }
  void switch_to(std::size_t) {}
};

class RandomWalk : public testing::TestWithParam<unsigned> {};

TEST_P(RandomWalk, StacksAreTheProgramsOwn) {
  constexpr int kSteps = 60000;  // several chunks
  number_functions();
  const Recorded seen = record_in_child(
      [] {
        static Actor actors[3];
        for (Actor& actor : actors) {
          make(actor);
        }
        rt::record::start_thread(&actors[0]);
        Program program{actors, &actors[0]};
        Walk(GetParam()).run(kSteps, program);
      },
      kRoomy, true);
  Truth truth;
  Walk(GetParam()).run(kSteps, truth);
  std::size_t events = 0;
  for (const Seen& event : seen.of(trace::EventKind::Fence)) {
    ASSERT_EQ(event.stack, truth.events.at(event.field.at("order")));
    ++events;
  }
  EXPECT_EQ(events, truth.events.size());
  ASSERT_EQ(seen.accesses.at(1).size(), truth.accesses.size());
  for (const SeenAccess& access : seen.accesses.at(1)) {
    ASSERT_EQ(access.stack, truth.accesses.at(access.address)) << access.address;
  }
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalk, testing::Values(1u, 2u, 3u, 4u, 5u));

TEST(Stack, AnyDepthWorks) {
  constexpr std::uint64_t kDepth = 300000;
  number_functions();
  const Recorded seen = record_in_child(
      [] {
        static Actor actor;
        make(actor);
        rt::record::start_thread(&actor);
        for (std::uint64_t depth = 0; depth < kDepth; ++depth) {
          test::enter(g_functions[depth % kFunctions]);
          if (depth % 1000 == 999 || depth < 10) {
            emit(trace::Fence{.order = depth});
            test::access(0, depth);
          }
        }
        for (std::uint64_t depth = kDepth; depth > 1; --depth) {
          test::leave();
        }
        emit(trace::Fence{.order = 0});
        test::access(0, 1);
      },
      1024);
  const std::vector<Seen> events = seen.of(trace::EventKind::Fence);
  ASSERT_EQ(events.size(), 10 + kDepth / 1000 + 1);
  for (const Seen& event : events) {
    const std::uint64_t depth = event.field.at("order");
    // The innermost frames are exact; of very deep stacks the outermost may be missing.
    ASSERT_GE(event.stack.size(), std::min<std::uint64_t>(depth + 1, rt::record::kMaxStackPush));
    ASSERT_EQ(event.stack.back(), g_functions[depth % kFunctions]);
  }
  EXPECT_EQ(events.back().stack, std::vector<std::uint32_t>{1});
  EXPECT_EQ(seen.accesses.at(1).back().stack, std::vector<std::uint32_t>{1});
  EXPECT_EQ(seen.lost_sync + seen.lost_access, 0u);
  EXPECT_TRUE(seen.problems.empty()) << seen.problems.front();
}

TEST(Stack, CallSitesOfParentsComeWithThePush) {
  number_functions();
  const Recorded seen = record_in_child([] {
    static Actor actor;
    make(actor);
    rt::record::start_thread(&actor);
    test::enter(g_functions[0]);
    test::call(5);
    test::enter(g_functions[1]);
    test::call(9);
    emit(trace::Fence{.order = 1});
  });
  EXPECT_EQ(seen.of(trace::EventKind::Fence)[0].field.at("site"), 9u);
}

TEST(ShadowStack, HasAGuardPage) {
  gordian_rt_frame* frames = rt::record::allocate_frames(1 << 20);
  ASSERT_NE(frames, nullptr);
  frames[rt::record::shadow_bytes(1 << 20) / sizeof(gordian_rt_frame) - 1].call_site = 1;
  EXPECT_DEATH(reinterpret_cast<char*>(frames)[rt::record::shadow_bytes(1 << 20)] = 1, "");
  rt::record::release_frames(frames, 1 << 20);
}

}  // namespace
}  // namespace gordian::test
