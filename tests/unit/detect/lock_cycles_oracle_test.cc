// SPDX-License-Identifier: Apache-2.0
// Lock cycles against their definition: on thousands of random programs, every tuple of recorded requests is tried,
// with happens-before as the transitive closure of an explicit event graph. Shares no code with the search but the
// world.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "analyzer/detect/lock_cycles.h"
#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

struct Request {
  std::uint64_t actor = 0;
  Obj lock = 0;
  LockMode mode = LockMode::exclusive;
  std::map<Obj, LockMode> held;
  std::size_t event = 0;  // node of the event graph
};

// A request without its actor and time, and a cycle of such.
using Class = std::tuple<Obj, LockMode, std::map<Obj, LockMode>>;
using CycleKey = std::multiset<Class>;

// Runs random actions and writes them both as a trace and as requests in an event graph.
class RandomLocks {
 public:
  explicit RandomLocks(std::uint32_t seed) : random_(seed) {
    const bool shared = random_() % 2 == 0;
    for (int i = 0; i < 4; ++i) {
      const std::string name(1, static_cast<char>('a' + i));
      locks_.push_back(shared ? script.rwmutex(name) : script.mutex(name));
      shared_ = shared;
    }
    channel_ = script.channel("ch", 1000);
    actors_ = {1};
    for (int step = 0; step < 90; ++step) {
      act();
    }
    close_graph();
  }

  [[nodiscard]] std::set<CycleKey> cycles() const {
    std::set<CycleKey> found;
    std::vector<const Request*> path;
    extend(path, found);
    return found;
  }

  Script script;

 private:
  void act() {
    const std::uint64_t actor = actors_[random_() % actors_.size()];
    const unsigned roll = random_() % 40;
    if (roll < 6 && actors_.size() < 5) {
      const std::uint64_t child = actors_.size() + 1;
      script.as(actor).go(child);
      last_[child] = event(actor);
      actors_.push_back(child);
    } else if (roll == 6) {
      script.as(actor).send(channel_);
      sent_.push_back(event(actor));
    } else if (roll == 7 && received_ < sent_.size()) {
      script.as(actor).recv(channel_);
      arcs_.emplace_back(sent_[received_++], event(actor));
    } else if (roll < 26) {
      lock(actor);
    } else {
      unlock(actor);
    }
  }

  std::size_t event(std::uint64_t actor) {
    const std::size_t node = events_++;
    if (const auto before = last_.find(actor); before != last_.end()) {
      arcs_.emplace_back(before->second, node);
    }
    return last_[actor] = node;
  }

  [[nodiscard]] bool is_free(Obj lock, LockMode mode) const {
    for (const auto& [actor, held] : held_) {
      const auto hold = held.find(lock);
      if (hold != held.end() && (mode == LockMode::exclusive || hold->second == LockMode::exclusive)) {
        return false;
      }
    }
    return true;
  }

  void lock(std::uint64_t actor) {
    const Obj lock = locks_[random_() % locks_.size()];
    const LockMode mode = shared_ && random_() % 2 == 0 ? LockMode::shared : LockMode::exclusive;
    if (held_[actor].contains(lock) || !is_free(lock, mode)) {
      return;
    }
    script.as(actor);
    if (random_() % 6 == 0 && mode == LockMode::exclusive) {
      script.try_lock(lock);
    } else {
      requests_.push_back({actor, lock, mode, held_[actor], event(actor)});
      script.lock(lock, mode);
    }
    held_[actor][lock] = mode;
  }

  void unlock(std::uint64_t actor) {
    auto& held = held_[actor];
    if (!held.empty()) {
      const auto hold = std::next(held.begin(), static_cast<std::ptrdiff_t>(random_() % held.size()));
      script.as(actor).unlock(hold->first, hold->second);
      held.erase(hold);
    }
  }

  void close_graph() {
    before_.assign(events_, std::vector<bool>(events_, false));
    for (const auto& [from, to] : arcs_) {
      before_[from][to] = true;
    }
    for (std::size_t via = 0; via < events_; ++via) {
      for (std::size_t a = 0; a < events_; ++a) {
        for (std::size_t b = 0; before_[a][via] && b < events_; ++b) {
          before_[a][b] = before_[a][b] || before_[via][b];
        }
      }
    }
  }

  [[nodiscard]] bool can_be_pending_together(const Request& a, const Request& b) const {
    if (a.actor == b.actor || before_[a.event][b.event] || before_[b.event][a.event]) {
      return false;
    }
    return std::none_of(a.held.begin(), a.held.end(), [&](const auto& hold) {
      const auto other = b.held.find(hold.first);
      return other != b.held.end() && (hold.second == LockMode::exclusive || other->second == LockMode::exclusive);
    });
  }

  void extend(std::vector<const Request*>& path, std::set<CycleKey>& found) const {
    if (path.size() > 1 && path.front()->held.contains(path.back()->lock) && closes(path)) {
      CycleKey key;
      for (const Request* request : path) {
        key.insert({request->lock, request->mode, request->held});
      }
      found.insert(key);
    }
    for (const Request& next : requests_) {
      if (next.held.empty() || (!path.empty() && !next.held.contains(path.back()->lock))) {
        continue;
      }
      if (std::all_of(path.begin(), path.end(), [&](const Request* other) {
            return other->lock != next.lock && can_be_pending_together(*other, next);
          })) {
        path.push_back(&next);
        extend(path, found);
        path.pop_back();
      }
    }
  }

  // Where a reader waits for a reader, some writer must be able to come in between.
  [[nodiscard]] bool closes(const std::vector<const Request*>& path) const {
    std::vector<Obj> need_writer;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const Request& next = *path[(i + 1) % path.size()];
      if (path[i]->mode == LockMode::shared && next.held.at(path[i]->lock) == LockMode::shared) {
        need_writer.push_back(path[i]->lock);
      }
    }
    std::vector<const Request*> pending = path;
    return add_writers(pending, need_writer, 0);
  }

  bool add_writers(std::vector<const Request*>& pending, const std::vector<Obj>& locks, std::size_t index) const {
    if (index == locks.size()) {
      return true;
    }
    for (const Request& writer : requests_) {
      if (writer.lock != locks[index] || writer.mode != LockMode::exclusive ||
          !std::all_of(pending.begin(), pending.end(),
                       [&](const Request* other) { return can_be_pending_together(*other, writer); })) {
        continue;
      }
      pending.push_back(&writer);
      const bool fits = add_writers(pending, locks, index + 1);
      pending.pop_back();
      if (fits) {
        return true;
      }
    }
    return false;
  }

  std::mt19937 random_;
  bool shared_ = false;
  std::vector<Obj> locks_;
  Obj channel_ = 0;
  std::vector<std::uint64_t> actors_;
  std::map<std::uint64_t, std::map<Obj, LockMode>> held_;
  std::vector<Request> requests_;
  std::map<std::uint64_t, std::size_t> last_;  // event of each actor
  std::vector<std::size_t> sent_;
  std::size_t received_ = 0;
  std::size_t events_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> arcs_;
  std::vector<std::vector<bool>> before_;
};

class Collector : public Observer {
 public:
  explicit Collector(const World& world) : dependencies(world) {}
  void step(const Step& step) override { dependencies.step(step); }
  LockDependencies dependencies;
};

std::set<CycleKey> found_cycles(RandomLocks& program) {
  Collector collector(program.script.world());
  program.script.replay({&collector});
  const CycleLimits no_limits{.max_length = 8, .max_cycles = ~std::size_t{0}, .max_steps = ~std::size_t{0}};
  const LockCycles found = find_lock_cycles(program.script.world(), collector.dependencies.all(), no_limits);
  EXPECT_TRUE(found.complete);
  std::set<CycleKey> keys;
  for (const LockCycle& cycle : found.cycles) {
    CycleKey key;
    for (const CycleEdge& edge : cycle.edges) {
      std::map<Obj, LockMode> held;
      for (const auto& [lock, mode] : edge.dependency->held) {
        held[lock.value] = mode;
      }
      key.insert({edge.dependency->lock.value, edge.dependency->mode, held});
    }
    EXPECT_TRUE(keys.insert(key).second) << "each once";
  }
  return keys;
}

TEST(LockCycles, EqualTheDefinitionOnRandomPrograms) {
  std::size_t cycles = 0;
  std::size_t programs = 0;
  std::size_t long_ones = 0;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    RandomLocks program(seed);
    const std::set<CycleKey> expected = program.cycles();
    ASSERT_EQ(found_cycles(program), expected) << "seed " << seed;
    cycles += expected.size();
    programs += expected.empty() ? 0 : 1;
    for (const CycleKey& key : expected) {
      long_ones += key.size() > 2 ? 1 : 0;
    }
  }
  RecordProperty("cycles", static_cast<int>(cycles));
  EXPECT_GT(programs, 500U);
  EXPECT_LT(programs, 2900U);
  EXPECT_GT(long_ones, 50U);
}

}  // namespace
}  // namespace gordian::analysis
