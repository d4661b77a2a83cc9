// SPDX-License-Identifier: Apache-2.0
// Which races may only exist because of others: told cases with their twins, then 2,000 random programs against the
// definition, for which reachability is computed for every two accesses.
#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>

#include "tests/unit/detect/script.h"

namespace gordian::analysis {
namespace {

// "ticket" -> the races that it follows from.
using Follows = std::map<std::string, std::set<std::string>>;

// Several findings on one variable have the same causes.
Follows follows(Script& script) {
  std::map<std::string, std::string> variables;  // by id
  const std::vector<Finding> findings = script.analysed();
  for (const Finding& finding : findings) {
    if (finding.kind == FindingKind::DataRace) variables[finding.id] = finding.object.name;
  }
  Follows result;
  for (const auto& [id, variable] : variables) {
    std::set<std::string> causes;
    for (const std::string& cause : std::ranges::find(findings, id, &Finding::id)->follows) {
      causes.insert(variables.at(cause));
    }
    const auto [known, is_new] = result.emplace(variable, causes);
    EXPECT_EQ(known->second, causes) << variable;
  }
  return result;
}

struct TwoWorkers {
  TwoWorkers() { s.go(2).go(3); }
  Script s;
  std::uint64_t ticket = s.variable("ticket");
  std::uint64_t slot = s.variable("slot");
};

TEST(FirstRaces, WhatATicketChoseFollowsFromTheTicket) {
  TwoWorkers w;
  for (const std::uint64_t worker : {2, 3}) {
    w.s.as(worker).read(w.ticket).write(w.ticket).write(w.slot).end();
  }
  EXPECT_EQ(follows(w.s), (Follows{{"ticket", {}}, {"slot", {"ticket"}}}));
}

TEST(FirstRaces, AReaderThatNoFlagLedNeedsNoOtherRace) {
  TwoWorkers w;
  w.s.as(2).write(w.slot).write(w.ticket).end();
  w.s.as(3).read(w.slot).read(w.ticket).end();
  EXPECT_EQ(follows(w.s), (Follows{{"ticket", {"slot"}}, {"slot", {}}}));
}

TEST(FirstRaces, WhatAFlagPublishedFollowsFromTheFlag) {
  TwoWorkers w;
  w.s.as(2).write(w.slot).write(w.ticket).end();
  w.s.as(3).read(w.ticket).read(w.slot).end();
  EXPECT_EQ(follows(w.s), (Follows{{"ticket", {}}, {"slot", {"ticket"}}}));
}

TEST(FirstRaces, WritesDecideNothing) {
  TwoWorkers w;
  for (const std::uint64_t worker : {2, 3}) {
    w.s.as(worker).write(w.ticket).write(w.slot).end();
  }
  EXPECT_EQ(follows(w.s), (Follows{{"ticket", {}}, {"slot", {}}}));
}

TEST(FirstRaces, ALockCarriesTheEffectToOthers) {
  Script s;
  const Obj mu = s.mutex("mu");
  const std::uint64_t ticket = s.variable("ticket");
  const std::uint64_t slot = s.variable("slot");
  s.go(2).go(3).go(4);
  s.as(2).read(ticket).lock(mu).unlock(mu).end();
  s.as(3).write(ticket).write(slot).end();
  s.as(4).lock(mu).unlock(mu).write(slot).end();
  EXPECT_EQ(follows(s), (Follows{{"ticket", {}}, {"slot", {"ticket"}}}));
}

TEST(FirstRaces, WithoutTheLockThereIsNoEffect) {
  Script s;
  const Obj mu = s.mutex("mu");
  const std::uint64_t ticket = s.variable("ticket");
  const std::uint64_t slot = s.variable("slot");
  s.go(2).go(3).go(4);
  s.as(2).read(ticket).lock(mu).unlock(mu).end();
  s.as(3).write(ticket).write(slot).end();
  s.as(4).write(slot).lock(mu).unlock(mu).end();
  EXPECT_EQ(follows(s), (Follows{{"ticket", {}}, {"slot", {}}}));
}

// The first write to the slot comes before what raced with the second.
TEST(FirstRaces, OfSeveralAtOnePlaceTheOneThatRacedCounts) {
  TwoWorkers w;
  const Obj mu = w.s.mutex("mu");
  w.s.as(2).write(w.slot).lock(mu).unlock(mu);
  w.s.as(3).write(w.ticket).lock(mu).unlock(mu);
  w.s.as(2).read(w.ticket).write(w.slot).end();
  w.s.as(3).write(w.slot).end();
  EXPECT_EQ(follows(w.s), (Follows{{"ticket", {}}, {"slot", {"ticket"}}}));
}

TEST(FirstRaces, TwoThatLeadToEachOtherStandSideBySide) {
  TwoWorkers w;
  w.s.as(2).read(w.ticket).write(w.ticket).read(w.slot).write(w.slot).end();
  w.s.as(3).read(w.slot).write(w.slot).read(w.ticket).write(w.ticket).end();
  EXPECT_EQ(follows(w.s), (Follows{{"ticket", {}}, {"slot", {}}}));
}

// Three goroutines over three variables and two locks, each access at a place of its own.
class RandomProgram {
 public:
  explicit RandomProgram(std::uint64_t seed) : random_(seed) {
    for (std::size_t i = 0; i < kVariables; ++i) variables_[i] = script_.variable(variable_name(i));
    for (std::size_t i = 0; i < kLocks; ++i) locks_[i] = script_.mutex("mu" + std::to_string(i));
    for (std::uint64_t actor = 2; actor < 2 + kActors; ++actor) script_.go(actor);
    for (std::size_t step = 0; step < kSteps; ++step) section();
  }

  Follows found() { return follows(script_); }
  [[nodiscard]] Follows expected() const;

 private:
  static constexpr std::size_t kVariables = 3;
  static constexpr std::size_t kLocks = 2;
  static constexpr std::uint64_t kActors = 3;
  static constexpr std::size_t kSteps = 10;
  struct Op {
    std::uint64_t actor = 0;
    std::size_t variable = 0;
    bool is_write = false;
    std::size_t acquired = kLocks;  // the lock it lies in; kLocks: none
  };

  static std::string variable_name(std::size_t number) { return "v" + std::to_string(number); }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  void section() {
    const Op op{2 + below(kActors), below(kVariables), below(2) == 0, below(2 * kLocks)};
    script_.as(op.actor);
    const bool locked = op.acquired < kLocks;
    if (locked) script_.lock(locks_[op.acquired]);
    const auto place = static_cast<std::uint32_t>(ops_.size());
    op.is_write ? script_.write(variables_[op.variable], place) : script_.read(variables_[op.variable], place);
    if (locked) script_.unlock(locks_[op.acquired]);
    ops_.push_back(op);
  }

  std::mt19937_64 random_;
  Script script_;
  std::array<std::uint64_t, kVariables> variables_{};
  std::array<Obj, kLocks> locks_{};
  std::vector<Op> ops_;  // in the order in which they happened
};

template <class Index>
void close_transitively(std::vector<std::vector<bool>>& reaches, Index count) {
  for (Index via = 0; via < count; ++via) {
    for (Index from = 0; from < count; ++from) {
      for (Index to = 0; reaches[from][via] && to < count; ++to) {
        if (reaches[via][to]) reaches[from][to] = true;
      }
    }
  }
}

Follows RandomProgram::expected() const {
  const std::size_t count = ops_.size();
  std::vector<std::vector<bool>> before(count, std::vector<bool>(count));
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      const bool same_lock = ops_[i].acquired < kLocks && ops_[i].acquired == ops_[j].acquired;
      before[i][j] = ops_[i].actor == ops_[j].actor || same_lock;
    }
  }
  close_transitively(before, count);

  std::map<std::size_t, std::vector<std::array<std::size_t, 2>>> races;  // by variable
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      const Op& a = ops_[i];
      const Op& b = ops_[j];
      if (a.variable == b.variable && (a.is_write || b.is_write) && a.actor != b.actor && !before[i][j]) {
        races[a.variable].push_back({i, j});
      }
    }
  }

  const auto leads_to = [&](std::size_t cause, const std::array<std::size_t, 2>& pair) {
    const auto found = races.find(cause);
    if (found == races.end()) return false;
    for (const auto& racing : found->second) {
      for (const std::size_t read : racing) {
        if (!ops_[read].is_write && (before[read][pair[0]] || before[read][pair[1]])) return true;
      }
    }
    return false;
  };
  std::vector<std::vector<bool>> affects(kVariables, std::vector<bool>(kVariables));
  for (const auto& [b, pairs] : races) {
    const bool all = std::ranges::all_of(pairs, [&](const auto& pair) {
      return std::ranges::any_of(races,
                                 [&](const auto& race) { return race.first != b && leads_to(race.first, pair); });
    });
    for (std::size_t a = 0; all && a < kVariables; ++a) {
      affects[a][b] = a != b && std::ranges::any_of(pairs, [&](const auto& pair) { return leads_to(a, pair); });
    }
  }
  close_transitively(affects, kVariables);

  Follows result;
  const auto precedes = [&](std::size_t a, std::size_t b) { return affects[a][b] && !affects[b][a]; };
  const auto is_first = [&](std::size_t a) {
    return std::ranges::none_of(races, [&](const auto& race) { return precedes(race.first, a); });
  };
  for (const auto& [b, pairs] : races) {
    std::set<std::string>& causes = result[variable_name(b)];
    for (const auto& [a, others] : races) {
      if (is_first(a) && precedes(a, b)) causes.insert(variable_name(a));
    }
  }
  return result;
}

TEST(FirstRaces, EqualTheDefinition) {
  std::size_t followers = 0;
  std::size_t alone = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    RandomProgram program(seed);
    const Follows expected = program.expected();
    ASSERT_EQ(program.found(), expected) << "seed " << seed;
    for (const auto& [name, causes] : expected) (causes.empty() ? alone : followers) += 1;
  }
  EXPECT_GT(followers, 500u);
  EXPECT_GT(alone, 500u);
}

}  // namespace
}  // namespace gordian::analysis
