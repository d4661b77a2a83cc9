// SPDX-License-Identifier: Apache-2.0
// Bookkeeping of credits and debts; an entry goes as soon as it is paid, so that memory follows the live goroutines.
#include "analyzer/detect/wait_group_debts.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace gordian::analysis {
namespace {

constexpr std::size_t kMostGenerations = 1000;
constexpr std::size_t kMostGroups = 64;  // that one actor has added to and not yet started the goroutines for

}  // namespace

void WaitGroupDebts::step(const Step& step) {
  if (const auto* change = trace::event_as<trace::WgAdd>(&step.event)) {
    add(step.actor, ObjectId(change->object), change->delta);
  } else if (const auto* go = trace::event_as<trace::Go>(&step.event)) {
    hand_over(step.actor, ActorId(go->child));
  } else if (const auto* create = trace::event_as<trace::ThreadCreate>(&step.event)) {
    hand_over(step.actor, ActorId(create->child));
  }
}

std::int64_t WaitGroupDebts::take(Units& units, ActorId actor, std::int64_t most) {
  const auto found = units.find(actor);
  if (found == units.end()) {
    return 0;
  }
  const std::int64_t taken = std::min(most, found->second);
  found->second -= taken;
  if (found->second == 0) {
    units.erase(found);
  }
  return taken;
}

void WaitGroupDebts::add(ActorId actor, ObjectId id, std::int64_t delta) {
  Group& group = groups_[id];
  if (delta > 0) {
    std::int64_t& credit = group.credit[actor];
    credit = delta > std::numeric_limits<std::int64_t>::max() - credit ? delta : credit + delta;
    std::set<ObjectId>& groups = creditors_[actor];
    if (groups.size() < kMostGroups) {
      groups.insert(id);
    }
    return;
  }
  const std::int64_t paid = delta == std::numeric_limits<std::int64_t>::min() ? -(delta + 1) : -delta;
  take(group.credit, actor, paid - take(group.debt, actor, paid));
}

void WaitGroupDebts::hand_over(ActorId creator, ActorId child) {
  const auto found = creditors_.find(creator);
  if (found == creditors_.end()) {
    return;
  }
  std::erase_if(found->second, [&](ObjectId id) {
    Group& group = groups_[id];
    if (take(group.credit, creator, 1) != 0) {
      ++group.debt[child];
    }
    return !group.credit.contains(creator);
  });
}

// A debtor itself, or a descendant of one that ended without paying. In a damaged trace actors may have created each
// other.
bool WaitGroupDebts::owes(const World& world, const Group& group, ActorId actor) {
  for (std::size_t generation = 0; generation < kMostGenerations; ++generation) {
    if (group.debt.contains(actor)) {
      return true;
    }
    const ActorState* state = world.actor(actor);
    const ActorState* parent = state == nullptr ? nullptr : world.actor(state->parent);
    if (parent == nullptr || parent->status != ActorStatus::ended) {
      return false;
    }
    actor = parent->id;
  }
  return false;
}

std::vector<ActorId> WaitGroupDebts::debtors(const World& world, ObjectId id,
                                             const std::vector<ActorId>& candidates) const {
  std::vector<ActorId> result;
  if (const auto found = groups_.find(id); found != groups_.end()) {
    const Group& group = found->second;
    std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(result),
                 [&](ActorId actor) { return group.credit.contains(actor) || owes(world, group, actor); });
  }
  return result;
}

}  // namespace gordian::analysis
