// SPDX-License-Identifier: Apache-2.0
// Two passes: what the trace shows directly, then the channels that nobody ever served, which look at the first pass.
#include "analyzer/detect/wait_for.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "analyzer/detect/waits.h"

namespace gordian::analysis {
namespace {

using trace::EventKind;
using trace::LockMode;
using trace::ObjectKind;
using trace::WaitReason;

constexpr std::size_t kMostProviders = 256;  // of one wait; they are there to explain it

// A Once is held by its first caller.
bool needs_holder(WaitReason reason) { return is_lock_wait(reason) || reason == WaitReason::once; }

class Explainer {
 public:
  Explainer(const World& world, const WaitGroupDebts& debts, const LostSignals& signals, const StuckActors& stuck)
      : world_(world), debts_(debts), signals_(signals), stuck_(stuck.actors), everybody_(stuck.everybody) {}

  std::vector<Wait> run() {
    for (const ActorId id : stuck_) {
      waits_.push_back(explain(*world_.actor(id)));
    }
    add_lock_mediated();
    if (everybody_) {
      mark_unserved();
    }
    return std::move(waits_);
  }

 private:
  [[nodiscard]] bool is_stuck(ActorId id) const { return std::binary_search(stuck_.begin(), stuck_.end(), id); }

  Wait explain(const ActorState& actor) {
    Wait wait{&actor, {}};
    if (actor.blocked_on.empty()) {  // a nil channel; a select without cases waits for nothing at all
      const bool is_select = actor.reason == WaitReason::select || actor.reason == WaitReason::select_empty;
      if (!is_select) {
        wait.cases.push_back({{}, actor.reason == WaitReason::chan_send_nil, {}});
      }
    } else if (actor.reason == WaitReason::thread_join) {
      wait.cases.push_back({{}, false, joined_thread(ActorId(actor.blocked_on.front().object.value))});
    } else {
      for (const BlockedOn& on : actor.blocked_on) {
        wait.cases.push_back({on.object, on.sends, providers(actor, on), signals_.missed_by(actor)});
      }
    }
    return wait;
  }

  [[nodiscard]] std::vector<Provider> joined_thread(ActorId thread) const {
    return is_stuck(thread) ? std::vector<Provider>{{thread, EdgeKind::waits, {}}} : std::vector<Provider>{};
  }

  [[nodiscard]] std::vector<Provider> providers(const ActorState& actor, const BlockedOn& on) {
    const ObjectState* object = world_.object(on.object);
    if (object == nullptr) {
      return {};
    }
    if (needs_holder(actor.reason)) {
      return lock_providers(actor, *object);
    }
    switch (object->kind) {
      case ObjectKind::wait_group:
        return wait_group_providers(actor, *object);
      case ObjectKind::cond:
        return signals_.missed_by(actor) != nullptr ? std::vector<Provider>{} : user_providers(actor, on);
      case ObjectKind::semaphore:
        return semaphore_providers(actor, on, *object);
      case ObjectKind::barrier:
        return missing_at(*object, user_providers(actor, on));
      default:
        return user_providers(actor, on);
    }
  }

  [[nodiscard]] std::vector<Provider> semaphore_providers(const ActorState& actor, const BlockedOn& on,
                                                          const ObjectState& semaphore) {
    std::vector<Provider> holders;
    for (const ActorId holder : semaphore.holders) {
      if (is_stuck(holder) && holders.size() < kMostProviders) {
        holders.push_back({holder, EdgeKind::held, {}});
      }
    }
    return semaphore.holders.empty() ? user_providers(actor, on) : sorted(std::move(holders));
  }

  // Those who came in earlier rounds and have not come in this one.
  static std::vector<Provider> missing_at(const ObjectState& barrier, std::vector<Provider> users) {
    std::erase_if(users, [&](const Provider& user) {
      return std::find(barrier.holders.begin(), barrier.holders.end(), user.actor) != barrier.holders.end();
    });
    return users;
  }

  struct Holders {
    bool exclusive = false;
    std::vector<Provider> stuck;
  };

  const Holders& holders(const ObjectState& lock) {
    const auto [known, fresh] = holders_.try_emplace(lock.id);
    Holders& result = known->second;
    if (!fresh) {
      return result;
    }
    result.exclusive = lock.kind == ObjectKind::once;
    for (const ActorId holder : lock.holders) {
      const ActorState* state = world_.actor(holder);
      const HeldLock* hold = state == nullptr ? nullptr : hold_of(*state, lock.id);
      result.exclusive = result.exclusive || (hold != nullptr && hold->mode == LockMode::exclusive);
      if (is_stuck(holder)) {
        result.stuck.push_back({holder, EdgeKind::held, hold == nullptr ? Place{} : hold->place});
      }
    }
    result.stuck = sorted(std::move(result.stuck));
    return result;
  }

  [[nodiscard]] std::vector<Provider> lock_providers(const ActorState& actor, const ObjectState& lock) {
    const Holders& known = holders(lock);
    const bool behind_readers = actor.reason == WaitReason::rwmutex_rlock && !known.exclusive;
    return within_room(behind_readers ? pending_writers(lock.id) : known.stuck);
  }

  // Each may be a part of a cycle, so all are kept while there is room.
  [[nodiscard]] std::vector<Provider> within_room(const std::vector<Provider>& providers) {
    if (providers.size() <= kMostProviders) {
      return providers;
    }
    const std::size_t kept = providers.size() <= room_ ? providers.size() : kMostProviders;
    room_ -= std::min(room_, kept);
    return {providers.begin(), providers.begin() + static_cast<std::ptrdiff_t>(kept)};
  }

  // Ten thousand may wait for one object: who could serve them is found once per object.
  const std::vector<Provider>& pending_writers(ObjectId lock) {
    const auto [known, fresh] = writers_.try_emplace(lock);
    for (const ActorId id : fresh ? stuck_ : std::vector<ActorId>{}) {
      const ActorState& other = *world_.actor(id);
      if (other.reason == WaitReason::rwmutex_lock && !other.blocked_on.empty() &&
          other.blocked_on.front().object == lock) {
        known->second.push_back({id, EdgeKind::wake, {}});
      }
    }
    return known->second;
  }

  [[nodiscard]] std::vector<Provider> wait_group_providers(const ActorState& actor, const ObjectState& group) {
    const auto [known, fresh] = debtors_.try_emplace(group.id);
    if (fresh) {
      known->second = debts_.debtors(world_, group.id, stuck_);
    }
    return without(actor.id, known->second, EdgeKind::held);
  }

  // Those who used the direction that somebody on the other side waits for.
  struct Servers {
    std::vector<ActorId> stuck;
    std::vector<ActorId> ever;  // the first two
    bool was_main = false;      // which has returned since
  };

  static bool serves(const EventKinds& kinds, bool waiter_sends) {
    if (waiter_sends) {
      return kinds.contains(EventKind::ChanRecv);
    }
    constexpr EventKind kServices[] = {EventKind::ChanSend, EventKind::ChanClose, EventKind::CondSignal,
                                       EventKind::SemRelease};
    return std::any_of(std::begin(kServices), std::end(kServices),
                       [&](EventKind service) { return kinds.contains(service); });
  }

  const Servers& servers(ObjectId id, bool waiter_sends) {
    const auto [known, fresh] = servers_.try_emplace({id, waiter_sends});
    Servers& result = known->second;
    const ObjectState* channel = fresh ? world_.object(id) : nullptr;
    if (channel == nullptr) {
      return result;
    }
    for (const auto& [user, kinds] : channel->users) {
      if (!serves(kinds, waiter_sends)) {
        continue;
      }
      result.was_main = result.was_main || (user == kMain && world_.main_returned());
      if (result.ever.size() < 2) {
        result.ever.push_back(user);
      }
      if (is_stuck(user)) {
        result.stuck.push_back(user);
      }
    }
    return result;
  }

  [[nodiscard]] std::vector<Provider> user_providers(const ActorState& actor, const BlockedOn& on) {
    const Servers& known = servers(on.object, on.sends);
    return known.was_main ? std::vector<Provider>{} : without(actor.id, known.stuck, EdgeKind::wake);
  }

  [[nodiscard]] bool ever_served(const ActorState& actor, const WaitCase& wait_case) {
    const std::vector<ActorId>& ever = servers(wait_case.object, wait_case.sends).ever;
    return std::any_of(ever.begin(), ever.end(), [&](ActorId user) { return user != actor.id; });
  }

  static std::vector<Provider> without(ActorId self, const std::vector<ActorId>& actors, EdgeKind kind) {
    std::vector<Provider> result;
    for (const ActorId actor : actors) {
      if (actor != self && result.size() < kMostProviders) {
        result.push_back({actor, kind, {}});
      }
    }
    return result;
  }

  // A channel that nobody ever served.
  void add_lock_mediated() {
    const Digraph needs_me = actor_graph(waits_).reversed();
    std::vector<std::pair<Wait*, std::vector<Provider>>> found;
    for (Node node = 0; node < waits_.size(); ++node) {
      Wait& wait = waits_[node];
      const bool unserved = is_channel_wait(wait.actor->reason) &&
                            std::none_of(wait.cases.begin(), wait.cases.end(), [&](const WaitCase& wait_case) {
                              return !wait_case.providers.empty() || ever_served(*wait.actor, wait_case);
                            });
      if (unserved && !needs_me.successors(node).empty()) {
        found.emplace_back(&wait, blocked_behind(needs_me, node));
      }
    }
    for (auto& [wait, providers] : found) {
      for (WaitCase& wait_case : wait->cases) {
        wait_case.providers = wait_case.object ? providers : std::vector<Provider>{};
      }
    }
  }

  // All are asleep, so whoever might have served has not been kept from it: it just waits for something else itself.
  void mark_unserved() {
    for (Wait& wait : waits_) {
      if (needs_holder(wait.actor->reason) || wait.actor->reason == WaitReason::wait_group ||
          wait.actor->reason == WaitReason::thread_join || wait.actor->reason == WaitReason::barrier) {
        continue;
      }
      for (WaitCase& wait_case : wait.cases) {
        wait_case.unserved = wait_case.object && wait_case.providers.empty() && wait_case.lost == nullptr &&
                             !ever_served(*wait.actor, wait_case);
      }
    }
  }

  // Who waits for a lock and, in the end, for this actor.
  [[nodiscard]] std::vector<Provider> blocked_behind(const Digraph& needs_me, Node node) const {
    const std::vector<bool> behind = reachable(needs_me, std::vector<Node>{node});
    std::vector<Provider> result;
    for (Node other = 0; other < waits_.size() && result.size() < kMostProviders; ++other) {
      if (other != node && behind[other] && needs_holder(waits_[other].actor->reason)) {
        result.push_back({waits_[other].actor->id, EdgeKind::wake, {}});
      }
    }
    return result;
  }

  static std::vector<Provider> sorted(std::vector<Provider> providers) {
    std::sort(providers.begin(), providers.end(),
              [](const Provider& a, const Provider& b) { return a.actor < b.actor; });
    const auto same = [](const Provider& a, const Provider& b) { return a.actor == b.actor; };
    providers.erase(std::unique(providers.begin(), providers.end(), same), providers.end());
    return providers;
  }

  const World& world_;
  const WaitGroupDebts& debts_;
  const LostSignals& signals_;
  const std::vector<ActorId>& stuck_;
  const bool everybody_;
  std::vector<Wait> waits_;
  std::size_t room_ = std::size_t{1} << 22;  // for providers of waits that have more than kMostProviders
  std::map<ObjectId, Holders> holders_;
  std::map<ObjectId, std::vector<Provider>> writers_;
  std::map<ObjectId, std::vector<ActorId>> debtors_;
  std::map<std::pair<ObjectId, bool>, Servers> servers_;
};

}  // namespace

std::vector<Wait> explain_waits(const World& world, const WaitGroupDebts& debts, const LostSignals& signals,
                                const StuckActors& stuck) {
  return Explainer(world, debts, signals, stuck).run();
}

Digraph actor_graph(const std::vector<Wait>& waits) {
  std::vector<Arc> arcs;
  for (Node node = 0; node < waits.size(); ++node) {
    for (const WaitCase& wait_case : waits[node].cases) {
      for (const Provider& provider : wait_case.providers) {
        const auto found = std::lower_bound(waits.begin(), waits.end(), provider.actor,
                                            [](const Wait& wait, ActorId id) { return wait.actor->id < id; });
        if (found != waits.end() && found->actor->id == provider.actor) {
          arcs.push_back({node, static_cast<Node>(found - waits.begin())});
        }
      }
    }
  }
  return Digraph(static_cast<Node>(waits.size()), arcs);
}

}  // namespace gordian::analysis
