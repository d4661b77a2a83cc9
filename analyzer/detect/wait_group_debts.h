// SPDX-License-Identifier: Apache-2.0
// Who still owes a WaitGroup its Done. A WaitGroup has no owners, but programs follow one habit: add(n), then n go
// statements by the same goroutine. Each go hands one unit of its creator's credit to the child as a debt, and Done
// pays it; a debtor that ends unpaid leaves the debt to the goroutines it created. Used to explain a wait that is known
// to be stuck, never to decide that it is.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "analyzer/model/step.h"
#include "analyzer/model/world.h"

namespace gordian::analysis {

class WaitGroupDebts {
 public:
  void step(const Step& step);

  // Which of the candidates owe the group a Done: for a go statement or for an Add of their own.
  [[nodiscard]] std::vector<ActorId> debtors(const World& world, ObjectId group,
                                             const std::vector<ActorId>& candidates) const;

 private:
  using Units = std::map<ActorId, std::int64_t>;  // never zero
  struct Group {
    Units credit;  // added, not yet handed to a child
    Units debt;    // received from the creator
  };

  void add(ActorId actor, ObjectId group, std::int64_t delta);
  void hand_over(ActorId creator, ActorId child);
  // Up to `most`; returns how many there were.
  static std::int64_t take(Units& units, ActorId actor, std::int64_t most);
  [[nodiscard]] static bool owes(const World& world, const Group& group, ActorId actor);

  std::map<ObjectId, Group> groups_;
  std::map<ActorId, std::set<ObjectId>> creditors_;  // groups where the actor may have credit
};

}  // namespace gordian::analysis
