// SPDX-License-Identifier: Apache-2.0
// One object, several names: the same one is shown whatever order the program's operations come in.
#include "analyzer/detect/object_names.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "analyzer/model/step.h"
#include "runtime/trace/builder.h"

namespace gordian::analysis {
namespace {

using trace::AnyEvent;
using trace::ObjectKind;

constexpr std::uint64_t kObject = 9;

// An operation, and what the program calls its object there.
struct Use {
  AnyEvent event;
  std::string name;
  std::string callee = "std::mutex::lock";
};

Use lock(const std::string& name) { return {trace::Lock{.object = kObject}, name}; }
Use object(ObjectKind kind, const std::string& name) {
  return {trace::Object{.object = kObject, .kind = static_cast<std::uint64_t>(kind)}, name};
}
Use receive(const std::string& name) { return {trace::ChanRecv{.object = kObject}, name, "gordian::Chan<int>::recv"}; }

std::string name_of(const std::vector<Use>& uses) {
  trace::TraceBuilder trace;
  const FunctionId user = trace.units().function("user", "/src/user.cc", 1);
  std::vector<std::uint32_t> sites;
  for (const Use& use : uses) {
    sites.push_back(trace.units().call(2, use.callee, use.name));
  }
  const FunctionId library = trace.units().function("std::mutex::lock", "/usr/include/c++/12/mutex", 100);
  const auto file = trace::TraceFile::from_bytes(trace.bytes(), "names");
  const auto symbols = Symbols::read(*file);
  StackTable stacks;
  const StackId outside = stacks.push({}, 0, user);
  ObjectNames names(*symbols, stacks);
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const Place inside{stacks.push(outside, sites[i], library), 0, false};
    names.step(Step{.event = uses[i].event, .actor = ActorId(1), .place = inside});
  }
  return names.of(ObjectId(kObject));
}

// In all orders.
std::string only_name_of(std::vector<Use> uses) {
  const auto by_name = [](const Use& a, const Use& b) { return a.name < b.name; };
  std::sort(uses.begin(), uses.end(), by_name);
  const std::string name = name_of(uses);
  while (std::next_permutation(uses.begin(), uses.end(), by_name)) {
    EXPECT_EQ(name_of(uses), name);
  }
  return name;
}

TEST(ObjectNames, TheMostTellingOneWhateverComesFirst) {
  EXPECT_EQ(only_name_of({lock("*m"), lock("m"), lock("Door::latch_"), lock("door.latch_"), lock("")}), "door.latch_");
  EXPECT_EQ(only_name_of({lock("*m"), lock("m"), lock("Door::latch_")}), "Door::latch_");
  EXPECT_EQ(only_name_of({lock("*m"), lock("held"), lock("m")}), "held");
  EXPECT_EQ(only_name_of({lock("tills[].mu"), lock("tills[3].mu")}), "tills[3].mu");
  EXPECT_EQ(only_name_of({lock("")}), "");
}

TEST(ObjectNames, HowItIsUnlockedTellsLeast) {
  const Use unlock{trace::Unlock{.object = kObject}, "guard.held_", "std::mutex::unlock"};
  EXPECT_EQ(only_name_of({unlock, lock("m")}), "m");
  EXPECT_EQ(only_name_of({unlock}), "guard.held_");
}

// It gives up the lock and takes it again in the middle of a wait for something else.
TEST(ObjectNames, AWaitIsNotAboutTheLock) {
  const Use again{trace::Lock{.object = kObject}, "queue.changed", "pthread_cond_wait"};
  EXPECT_EQ(only_name_of({again, lock("mu")}), "mu");
  EXPECT_EQ(only_name_of({again}), "");
}

TEST(ObjectNames, WhatIsAWait) {
  for (const char* callee : {"pthread_cond_wait", "pthread_cond_clockwait", "std::condition_variable::wait_until",
                             "gordian::Cond::wait", "boost::condition_variable::timed_wait"}) {
    EXPECT_TRUE(is_wait(callee)) << callee;
  }
  for (const char* callee : {"std::lock_guard<wait_free::Mutex>::lock_guard", "net::awaitable::Mutex::lock",
                             "waiting::Room::lock", "std::map<int, wait::M>::lock<a::wait>", "pthread_mutex_lock"}) {
    EXPECT_FALSE(is_wait(callee)) << callee;
  }
}

// What a frame said once, it says again; a frame that all stacks share, in all of them.
TEST(ObjectNames, FramesInsideTheUsersCallShareItsWord) {
  trace::TraceBuilder trace;
  const FunctionId user = trace.units().function("user", "/src/user.cc", 1);
  const std::uint32_t site = trace.units().call(2, "std::mutex::lock", "door.latch_");
  const FunctionId library = trace.units().function("std::mutex::lock", "/usr/include/c++/12/mutex", 100);
  const auto file = trace::TraceFile::from_bytes(trace.bytes(), "names");
  const auto symbols = Symbols::read(*file);
  StackTable stacks;
  const StackId middle = stacks.push(stacks.push({}, 0, user), site, library);
  const StackId nobodys = stacks.push({}, 0, library);
  ObjectNames names(*symbols, stacks);
  const auto lock_at = [&](std::uint64_t object, StackId stack) {
    const AnyEvent event = trace::Lock{.object = object};
    names.step(Step{.event = event, .actor = ActorId(1), .place = {stack, 0, false}});
  };
  lock_at(1, middle);
  lock_at(2, stacks.push(middle, 1, library));
  lock_at(3, stacks.push(middle, 2, library));
  lock_at(3, stacks.push(middle, 2, library));
  lock_at(4, nobodys);
  lock_at(5, stacks.push(nobodys, 0, library));
  for (std::uint64_t object = 1; object <= 3; ++object) {
    EXPECT_EQ(names.of(ObjectId(object)), "door.latch_") << object;
  }
  EXPECT_EQ(names.of(ObjectId(4)), "");
  EXPECT_EQ(names.of(ObjectId(5)), "");
}

TEST(ObjectNames, AChannelIsCalledWhatItWasMadeAs) {
  EXPECT_EQ(name_of({object(ObjectKind::channel, "jobs"), receive("Worker::in")}), "jobs");
  EXPECT_EQ(name_of({object(ObjectKind::channel, ""), receive("Worker::in")}), "Worker::in");
}

// It was made before the fork: the child meets it where it first uses it.
TEST(ObjectNames, AnInheritedOneIsNotMade) {
  const Use inherited{trace::Inherited{.object = kObject}, ""};
  EXPECT_EQ(name_of({object(ObjectKind::channel, "in"), inherited, receive("Worker::in")}), "Worker::in");
}

TEST(ObjectNames, ASelectAndAJoinNameNone) {
  const std::array<std::uint64_t, 1> one = {kObject};
  const auto block = [&](trace::WaitReason reason) {
    return Use{trace::Block{.reason = static_cast<std::uint64_t>(reason), .objects = one}, "x", "f"};
  };
  EXPECT_EQ(name_of({block(trace::WaitReason::select), block(trace::WaitReason::thread_join)}), "");
  EXPECT_EQ(name_of({block(trace::WaitReason::mutex_lock)}), "x");
}

}  // namespace
}  // namespace gordian::analysis
