// SPDX-License-Identifier: Apache-2.0
// A request is a Lock that did not block, or the Block that came before it.
#include "analyzer/detect/lock_dependencies.h"

#include <algorithm>

#include "analyzer/detect/waits.h"

namespace gordian::analysis {

using trace::LockMode;
using trace::ObjectKind;
using trace::WaitReason;

namespace {

HeldSet held_set(std::span<const HeldLock> holds) {
  HeldSet held;
  for (const HeldLock& hold : holds) {
    held.emplace_back(hold.object, hold.mode);
  }
  std::sort(held.begin(), held.end());
  held.erase(std::unique(held.begin(), held.end()), held.end());
  return held;
}

bool is_held_set(const HeldSet& held, std::span<const HeldLock> holds) {
  if (holds.size() > 1) {
    return held == held_set(holds);
  }
  return held.size() == holds.size() &&
         (holds.empty() || held.front() == std::pair(holds.front().object, holds.front().mode));
}

// The same for the same set, however often and in which order its locks are held.
std::uint64_t hash_of(ObjectId lock, LockMode mode, std::span<const HeldLock> holds) {
  std::uint64_t hash = 0;
  const auto add = [&](ObjectId object, LockMode as) {
    hash = (hash ^ (object.value * 2 + static_cast<std::uint64_t>(as))) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  };
  add(lock, mode);
  if (holds.size() == 1) {
    add(holds.front().object, holds.front().mode);
  } else {
    for (const auto& [object, as] : held_set(holds)) {
      add(object, as);
    }
  }
  return hash;
}

}  // namespace

void LockDependencies::step(const Step& step) {
  if (const auto* block = trace::event_as<trace::Block>(&step.event)) {
    if (is_lock_wait(static_cast<WaitReason>(block->reason)) && !block->objects.empty()) {
      const ObjectId lock(block->objects.front());
      const bool shared = static_cast<WaitReason>(block->reason) == WaitReason::rwmutex_rlock;
      // A woken waiter that lost the lock to another blocks once more: that is still the same request.
      if (pending_[step.actor] != lock) {
        request(step, lock, shared ? LockMode::shared : LockMode::exclusive);
        pending_[step.actor] = lock;
      }
    } else if (static_cast<WaitReason>(block->reason) == WaitReason::sleep && !block->objects.empty()) {
      pending_[step.actor] = ObjectId(block->objects.front());  // a lock with a time limit never waits for ever
    }
  } else if (const auto* lock = trace::event_as<trace::Lock>(&step.event)) {
    const auto pending = pending_.find(step.actor);
    const bool was_requested = pending != pending_.end() && pending->second == ObjectId(lock->object);
    if (!was_requested) {
      request(step, ObjectId(lock->object), static_cast<LockMode>(lock->mode));
    }
    pending_.erase(step.actor);
  } else if (trace::is_event<trace::TryLock>(step.event) || trace::is_event<trace::TryLockFailed>(step.event) ||
             trace::is_event<trace::GoEnd>(step.event)) {
    pending_.erase(step.actor);
  }
  order_.step(step);
}

void LockDependencies::request(const Step& step, ObjectId lock, LockMode mode) {
  const ActorState* actor = world_.actor(step.actor);
  const ObjectState* object = world_.object(lock);
  const bool writes = mode == LockMode::exclusive && object != nullptr && object->kind == ObjectKind::rwmutex;
  const bool nested = actor != nullptr && !actor->holds.empty();
  if (!nested && !writes) {
    return;
  }
  if (nested && actor->holds.size() > room_) {
    complete_ = false;
    return;
  }
  LockDependency& found = dependency(lock, mode, nested ? std::span(actor->holds) : std::span<const HeldLock>());
  ++found.count;
  LockRequester* requester = this->requester(found, step.actor);
  if (requester == nullptr) {
    return;
  }
  if (requester->count++ == 0) {
    requester->request = step.place;
    requester->holds = nested ? actor->holds : std::vector<HeldLock>{};
    room_ -= std::min(room_, requester->holds.size());
  }
  auto& moments = requester->moments;
  if (moments.size() == kMaxMoments) {
    return;
  }
  const Moment now = order_.now(step.actor);
  const bool same = !moments.empty() && moments.back() == now;
  if (!same) {
    moments.push_back(now);
  }
}

LockDependency& LockDependencies::dependency(ObjectId lock, LockMode mode, std::span<const HeldLock> holds) {
  std::size_t& latest = latest_[hash_of(lock, mode, holds)];
  for (std::size_t number = latest; number != 0; number = before_[number - 1]) {
    LockDependency& known = dependencies_[number - 1];
    if (known.lock == lock && known.mode == mode && is_held_set(known.held, holds)) {
      return known;
    }
  }
  HeldSet held = held_set(holds);
  room_ -= std::min(room_, held.size());
  dependencies_.push_back({lock, mode, std::move(held), {}, 0});
  before_.push_back(latest);
  latest = dependencies_.size();
  return dependencies_.back();
}

LockRequester* LockDependencies::requester(LockDependency& dependency, ActorId actor) {
  auto& requesters = dependency.requesters;
  const auto known = std::find_if(requesters.begin(), requesters.end(),
                                  [&](const LockRequester& requester) { return requester.actor == actor; });
  if (known != requesters.end()) {
    return &*known;
  }
  if (requesters.size() == kMaxRequesters) {
    return nullptr;
  }
  requesters.push_back({actor, {}, {}, {}, 0});
  return &requesters.back();
}

}  // namespace gordian::analysis
