// SPDX-License-Identifier: Apache-2.0
// Builds the AND-OR graph over live actors plus one node "anybody", which proceeds as soon as one actor does, and lets
// graph/progress.h solve it.
#include "analyzer/detect/stuck.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "analyzer/detect/waits.h"
#include "analyzer/graph/progress.h"

namespace gordian::analysis {
namespace {

using trace::LockMode;
using trace::PanicCode;
using trace::WaitReason;

bool said_all_asleep(const World& world) {
  return std::any_of(world.panics().begin(), world.panics().end(), [](const PanicRecord& panic) {
    return panic.code == PanicCode::all_asleep || panic.code == PanicCode::no_goroutines;
  });
}

// A panic that ended the program interrupted this actor; it would have gone on.
bool died_of_panic(const World& world, ActorId actor) {
  return world.exited() && !world.main_returned() &&
         std::any_of(world.panics().begin(), world.panics().end(),
                     [&](const PanicRecord& panic) { return panic.actor == actor && panic.code < trace::kFirstTold; });
}

class Fixpoint {
 public:
  explicit Fixpoint(const World& world) : world_(world) {
    for (const auto& [id, state] : world.actors()) {
      if (state.status != ActorStatus::ended || died_of_panic(world, id)) {
        nodes_.emplace(id, static_cast<Node>(nodes_.size()));
        live_.push_back(&state);
        note_wait(state);
      }
    }
    anybody_ = static_cast<Node>(live_.size());
    needs_.assign(live_.size() + 1, Need::all);
    // With code that no actor runs there is always somebody: a need of all of nobody is met.
    needs_[anybody_] = world.unseen_code() == UnseenCode::threads ? Need::all : Need::any;
  }

  std::vector<bool> solve() {
    for (Node node = 0; node < live_.size(); ++node) {
      add_clause(node, *live_[node]);
      if (needs_[anybody_] == Need::any) {
        arcs_.push_back({anybody_, node});
      }
    }
    return can_proceed(Digraph(static_cast<Node>(needs_.size()), arcs_), needs_);
  }

  [[nodiscard]] const std::vector<const ActorState*>& live() const { return live_; }

 private:
  // Indexes who waits where, so that no clause looks at all actors.
  void note_wait(const ActorState& state) {
    if (state.status != ActorStatus::blocked) {
      return;
    }
    if (state.reason == WaitReason::rwmutex_lock && !state.blocked_on.empty()) {
      pending_writers_[state.blocked_on.front().object].push_back(state.id);
    } else if (is_channel_wait(state.reason)) {
      for (const BlockedOn& on : state.blocked_on) {
        channel_waiters_[{on.object, on.sends}].insert(state.id);
      }
    }
  }

  void never(Node node) { needs_[node] = Need::any; }  // with no provider
  void anybody(Node node) { arcs_.push_back({node, anybody_}); }

  void needs_actor(Node node, ActorId provider) {
    const auto found = nodes_.find(provider);
    arcs_.push_back({node, found == nodes_.end() ? anybody_ : found->second});
  }

  void add_clause(Node node, const ActorState& state) {
    if (state.id == kMain && world_.main_returned()) {
      never(node);
    } else if (state.status == ActorStatus::blocked) {
      add_wait(node, state);
    }
  }

  void add_wait(Node node, const ActorState& state) {
    switch (state.reason) {
      case WaitReason::none:
      case WaitReason::sleep:
      case WaitReason::io_wait:
        return;
      case WaitReason::chan_receive_nil:
      case WaitReason::chan_send_nil:
      case WaitReason::select_empty:
        return never(node);
      case WaitReason::chan_receive:
      case WaitReason::chan_send:
      case WaitReason::select:
        return add_channels(node, state);
      case WaitReason::wait_group:
        return add_wait_group(node, state);
      case WaitReason::cond_wait:
        return add_cond(node, state);
      case WaitReason::atomic_wait:
        return add_atomic(node, state);
      case WaitReason::barrier:
        return add_barrier(node, state);
      case WaitReason::semaphore:
        return add_semaphore(node, state);
      case WaitReason::mutex_lock:
      case WaitReason::rwmutex_rlock:
      case WaitReason::rwmutex_lock:
      case WaitReason::once:
        return add_lock(node, state);
      case WaitReason::thread_join:
        return add_join(node, state);
    }
  }

  void add_channels(Node node, const ActorState& state) {
    if (state.blocked_on.empty()) {
      return never(node);  // a select over nil channels
    }
    if (std::none_of(state.blocked_on.begin(), state.blocked_on.end(),
                     [&](const BlockedOn& on) { return is_ready(state, on); })) {
      anybody(node);
    }
  }

  // The trace may end between an operation and the wake-up that it owes; and a timer needs nobody.
  [[nodiscard]] bool is_ready(const ActorState& state, const BlockedOn& on) const {
    const ObjectState* channel = world_.object(on.object);
    if (channel == nullptr || channel->closed) {
      return true;
    }
    if (on.sends ? channel->sends < channel->receives + channel->capacity
                 : channel->timer_pending || channel->sends > channel->receives) {
      return true;
    }
    const auto partners = channel_waiters_.find({on.object, !on.sends});
    return partners != channel_waiters_.end() && (partners->second.size() > 1 || !partners->second.contains(state.id));
  }

  // Whoever runs may signal. A signal that has been given will let one of the waiters go.
  void add_cond(Node node, const ActorState& state) {
    const ObjectState* cond = target(state);
    if (cond == nullptr || cond->counter <= 0) {
      anybody(node);
    }
  }

  // As a Cond's; and a handler may change it, whoever waits.
  void add_atomic(Node node, const ActorState& state) {
    if (world_.unseen_code() == UnseenCode::none) {
      add_cond(node, state);
    }
  }

  // Whoever runs may be the one who is missing, if the round is not full.
  void add_barrier(Node node, const ActorState& state) {
    const ObjectState* barrier = target(state);
    if (barrier != nullptr &&
        std::find(barrier->holders.begin(), barrier->holders.end(), state.id) != barrier->holders.end()) {
      anybody(node);
    }
  }

  // A handler may post, whoever waits.
  [[nodiscard]] bool may_be_posted(const ObjectState& semaphore) const {
    return semaphore.counter < static_cast<std::int64_t>(semaphore.capacity) ||
           world_.unseen_code() != UnseenCode::none;
  }

  // Anybody may release; the channel beside it, if there is one, ends the wait as well.
  void add_semaphore(Node node, const ActorState& state) {
    const auto is_over = [&](const BlockedOn& on) {
      const ObjectState* object = world_.object(on.object);
      if (object != nullptr && object->kind == trace::ObjectKind::posix_semaphore) {
        return may_be_posted(*object);
      }
      return object != nullptr && object->kind != trace::ObjectKind::semaphore && is_ready(state, on);
    };
    if (std::none_of(state.blocked_on.begin(), state.blocked_on.end(), is_over)) {
      anybody(node);
    }
  }

  void add_wait_group(Node node, const ActorState& state) {
    const ObjectState* group = target(state);
    if (group != nullptr && group->counter > 0) {
      anybody(node);
    }
  }

  [[nodiscard]] const ObjectState* target(const ActorState& state) const {
    return state.blocked_on.empty() ? nullptr : world_.object(state.blocked_on.front().object);
  }

  // A lock without holders is about to be given. A reader behind other readers waits for the writer that came between.
  void add_lock(Node node, const ActorState& state) {
    const ObjectState* lock = target(state);
    if (lock == nullptr || lock->holders.empty()) {
      return;
    }
    if (lock->unlocked_elsewhere) {
      return anybody(node);
    }
    if (state.reason == WaitReason::rwmutex_rlock && only_readers(*lock)) {
      const auto writers = pending_writers_.find(lock->id);
      if (writers != pending_writers_.end()) {
        needs_all(node, behind_writers_, lock->id, writers->second);
      }
      return;
    }
    needs_all(node, behind_holders_, lock->id, lock->holders);
  }

  // One node stands for all of them: arcs are as many as waiters and holders, not as many as pairs.
  void needs_all(Node node, std::map<ObjectId, Node>& together, ObjectId lock, const std::vector<ActorId>& providers) {
    const auto [known, is_new] = together.try_emplace(lock, static_cast<Node>(needs_.size()));
    if (is_new) {
      needs_.push_back(Need::all);
      for (const ActorId provider : providers) {
        needs_actor(known->second, provider);
      }
    }
    arcs_.push_back({node, known->second});
  }

  [[nodiscard]] bool only_readers(const ObjectState& lock) {
    const auto [known, is_new] = only_readers_.try_emplace(lock.id);
    if (is_new) {
      known->second = std::none_of(lock.holders.begin(), lock.holders.end(), [&](ActorId holder) {
        const ActorState* state = world_.actor(holder);
        const HeldLock* hold = state == nullptr ? nullptr : hold_of(*state, lock.id);
        return hold != nullptr && hold->mode == LockMode::exclusive;
      });
    }
    return known->second;
  }

  void add_join(Node node, const ActorState& state) {
    const ActorState* thread =
        state.blocked_on.empty() ? nullptr : world_.actor(ActorId(state.blocked_on.front().object.value));
    if (thread != nullptr && thread->status != ActorStatus::ended) {
      needs_actor(node, thread->id);
    }
  }

  const World& world_;
  std::map<ActorId, Node> nodes_;
  std::vector<const ActorState*> live_;
  std::map<ObjectId, std::vector<ActorId>> pending_writers_;
  std::map<std::pair<ObjectId, bool>, std::set<ActorId>> channel_waiters_;  // by channel and whether they send
  std::map<ObjectId, bool> only_readers_;                                   // hold the lock
  std::map<ObjectId, Node> behind_holders_, behind_writers_;
  std::vector<Need> needs_;
  std::vector<Arc> arcs_;
  Node anybody_ = 0;
};

// A thread of a pool waits for more work when main returns, and whoever manages it waits for its end: all end with the
// program, that is how pools end.
bool ends_with_main(const World& world, const ActorState& state) {
  if (!world.main_returned() || state.id == kMain) {
    return world.main_returned();
  }
  const ObjectState* object = state.blocked_on.empty() ? nullptr : world.object(state.blocked_on.front().object);
  const bool posix = object != nullptr &&
                     (object->kind == trace::ObjectKind::posix_semaphore || object->kind == trace::ObjectKind::barrier);
  const bool idle = state.reason == WaitReason::cond_wait || state.reason == WaitReason::atomic_wait ||
                    state.reason == WaitReason::thread_join || posix;
  return state.is_thread && idle;
}

// The runtime has said it: whoever is blocked stays so.
StuckActors all_blocked(const World& world) {
  StuckActors stuck;
  stuck.everybody = true;
  for (const auto& [id, state] : world.actors()) {
    if (state.status == ActorStatus::blocked) {
      stuck.actors.push_back(id);
    }
  }
  return stuck;
}

}  // namespace

StuckActors find_stuck(const World& world) {
  if (said_all_asleep(world)) {
    return all_blocked(world);
  }
  Fixpoint fixpoint(world);
  const std::vector<bool> proceeds = fixpoint.solve();
  StuckActors stuck;
  for (Node node = 0; node < fixpoint.live().size(); ++node) {
    const ActorState& state = *fixpoint.live()[node];
    if (proceeds[node]) {
      ++stuck.proceeding;
    } else if (state.status == ActorStatus::blocked && !ends_with_main(world, state)) {
      stuck.actors.push_back(state.id);
    }
  }
  stuck.everybody = !stuck.actors.empty() && stuck.proceeding == 0 && !world.main_returned();
  return stuck;
}

}  // namespace gordian::analysis
