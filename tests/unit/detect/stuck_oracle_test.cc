// SPDX-License-Identifier: Apache-2.0
// "Who can never proceed" against a simulation: starting from the final state, whoever is free gives back its locks and
// does every favour it could do, until nobody is freed any more. On thousands of random final states.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "analyzer/detect/stuck.h"
#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

// Makes a random, legal history in which nobody is ever woken, so that waits pile up.
class RandomEnd {
 public:
  explicit RandomEnd(std::uint32_t seed) : random_(seed) {
    for (int i = 0; i < 2; ++i) {
      locks_.push_back(script.mutex("m" + std::to_string(i)));
      locks_.push_back(script.rwmutex("rw" + std::to_string(i)));
    }
    channels_ = {script.channel("full", 1), script.channel("plain")};
    group_ = script.wait_group("wg");
    script.add(group_, 1);
    const std::uint64_t actors = 2 + random_() % 5;
    for (std::uint64_t child = 2; child <= actors; ++child) {
      script.go(child);
    }
    script.send(channels_[0]);
    for (std::uint64_t actor = 1; actor <= actors; ++actor) {
      script.as(actor);
      free_.push_back(actor);
    }
    for (int step = 0; step < 25 && !free_.empty(); ++step) {
      act();
    }
    if (random_() % 2 == 0 && is_free(1)) {
      script.as(1).main_returns();
      main_returned_ = true;
    }
  }

  // The simulation. `free` are those that go on; main after its return does not.
  [[nodiscard]] std::vector<ActorId> stuck() const {
    std::set<std::uint64_t> free(free_.begin(), free_.end());
    for (const auto& [actor, wait] : waits_) {
      if (wait.reason == WaitReason::sleep) {
        free.insert(actor);
      }
    }
    if (main_returned_) {
      free.erase(1);
    }
    auto holds = holds_;
    for (std::size_t before = ~std::size_t{0}; before != free.size();) {
      before = free.size();
      for (const std::uint64_t actor : free) {
        holds.erase(actor);
      }
      for (const auto& [actor, wait] : waits_) {
        if (is_freed(wait, free, holds)) {
          free.insert(actor);
        }
      }
    }
    std::vector<ActorId> stuck;
    for (const auto& [actor, wait] : waits_) {
      if (!free.contains(actor)) {
        stuck.emplace_back(actor);
      }
    }
    return stuck;
  }

  Script script;

 private:
  struct Wait {
    WaitReason reason;
    std::vector<std::pair<Obj, bool>> on;
  };
  using Holds = std::map<std::uint64_t, std::map<Obj, LockMode>>;

  [[nodiscard]] bool is_free(std::uint64_t actor) const {
    return std::find(free_.begin(), free_.end(), actor) != free_.end();
  }

  [[nodiscard]] static bool is_held(const Holds& holds, Obj lock, bool only_exclusive) {
    return std::any_of(holds.begin(), holds.end(), [&](const auto& entry) {
      const auto hold = entry.second.find(lock);
      return hold != entry.second.end() && (!only_exclusive || hold->second == LockMode::exclusive);
    });
  }

  bool is_freed(const Wait& wait, const std::set<std::uint64_t>& free, const Holds& holds) const {
    switch (wait.reason) {
      case WaitReason::mutex_lock:
      case WaitReason::rwmutex_lock:
        return !is_held(holds, wait.on[0].first, false);
      case WaitReason::rwmutex_rlock:
        return !is_held(holds, wait.on[0].first, true) && !writer_waits(wait.on[0].first, free);
      case WaitReason::wait_group:
        return !free.empty();
      case WaitReason::chan_receive:
      case WaitReason::chan_send:
      case WaitReason::select:
        return !free.empty() || meets_partner(wait);
      default:
        return false;
    }
  }

  bool writer_waits(Obj lock, const std::set<std::uint64_t>& free) const {
    return std::any_of(waits_.begin(), waits_.end(), [&](const auto& entry) {
      return entry.second.reason == WaitReason::rwmutex_lock && entry.second.on[0].first == lock &&
             !free.contains(entry.first);
    });
  }

  // Two that wait for each other's operation: the trace ends before they were brought together.
  bool meets_partner(const Wait& wait) const {
    return std::any_of(wait.on.begin(), wait.on.end(), [&](const auto& mine) {
      return std::any_of(waits_.begin(), waits_.end(), [&](const auto& entry) {
        return &entry.second != &wait &&
               std::any_of(entry.second.on.begin(), entry.second.on.end(), [&](const auto& theirs) {
                 return theirs.first == mine.first && theirs.second != mine.second;
               });
      });
    });
  }

  void wait(std::uint64_t actor, WaitReason reason, std::vector<std::pair<Obj, bool>> on) {
    std::vector<std::uint64_t> objects;
    for (const auto& [object, sends] : on) {
      objects.push_back(reason == WaitReason::select ? object * 2 + (sends ? 1 : 0) : object);
    }
    script.as(actor).block(reason, objects);
    waits_[actor] = {reason, std::move(on)};
    std::erase(free_, actor);
  }

  void act() {
    const std::uint64_t actor = free_[random_() % free_.size()];
    switch (random_() % 12) {
      case 0:
        return wait(actor, WaitReason::chan_send, {{channels_[0], true}});
      case 1:
        return wait(actor, WaitReason::chan_receive, {{channels_[1], false}});
      case 2:
        return wait(actor, WaitReason::chan_send, {{channels_[1], true}});
      case 3:
        return wait(actor, WaitReason::select, {{channels_[0], true}, {channels_[1], random_() % 2 == 0}});
      case 4:
        return wait(actor, WaitReason::wait_group, {{group_, false}});
      case 5:
        return random_() % 2 == 0 ? wait(actor, WaitReason::sleep, {}) : wait(actor, WaitReason::chan_receive_nil, {});
      default:
        return lock(actor, locks_[random_() % locks_.size()]);
    }
  }

  void lock(std::uint64_t actor, Obj lock) {
    const bool is_rw = lock == locks_[1] || lock == locks_[3];
    const bool shared = is_rw && random_() % 2 == 0;
    const bool behind = shared && writer_waits(lock, {});
    if (is_held(holds_, lock, shared) || behind) {
      // A reader behind a waiting writer waits as well.
      wait(actor,
           shared  ? WaitReason::rwmutex_rlock
           : is_rw ? WaitReason::rwmutex_lock
                   : WaitReason::mutex_lock,
           {{lock, false}});
    } else if (!holds_[actor].contains(lock)) {
      script.as(actor).lock(lock, shared ? LockMode::shared : LockMode::exclusive);
      holds_[actor][lock] = shared ? LockMode::shared : LockMode::exclusive;
    }
  }

  std::mt19937 random_;
  std::vector<Obj> locks_;
  std::vector<Obj> channels_;
  Obj group_ = 0;
  std::vector<std::uint64_t> free_;
  std::map<std::uint64_t, Wait> waits_;
  Holds holds_;
  bool main_returned_ = false;
};

TEST(Stuck, EqualsTheSimulationOnRandomEnds) {
  std::size_t some = 0;
  std::size_t partly = 0;
  for (std::uint32_t seed = 0; seed < 5000; ++seed) {
    RandomEnd end(seed);
    end.script.replay({});
    const StuckActors found = find_stuck(end.script.world());
    ASSERT_EQ(found.actors, end.stuck()) << "seed " << seed;
    some += found.actors.empty() ? 0 : 1;
    partly += !found.actors.empty() && found.proceeding > 0 ? 1 : 0;
  }
  EXPECT_GT(some, 1000U);
  EXPECT_GT(partly, 500U);
}

// Whatever the end, everybody who is stuck takes part in exactly one finding, and nobody else does.
TEST(Stuck, FindingsPartitionTheStuck) {
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    RandomEnd end(seed);
    std::multiset<ActorId> named;
    for (const Finding& finding : end.script.findings()) {
      if (finding.kind == FindingKind::LockOrderInversion) {
        continue;
      }
      for (const ActorRef& actor : finding.actors) {
        named.insert(actor.id);
      }
      EXPECT_FALSE(guilty_steps(finding).empty());
    }
    const StuckActors stuck = find_stuck(end.script.world());
    ASSERT_EQ(named, std::multiset<ActorId>(stuck.actors.begin(), stuck.actors.end())) << "seed " << seed;
  }
}

}  // namespace
}  // namespace gordian::analysis
