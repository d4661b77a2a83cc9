// SPDX-License-Identifier: Apache-2.0
// Locks, WaitGroups and Onces of the simulated programs. A woken waiter either finds its operation done for it, or
// tries again by itself and may block again.
#include <algorithm>

#include "tests/oracle/simulation.h"

namespace gordian::oracle {

using trace::ObjectKind;
using trace::WaitReason;

void Simulation::use_lock(Actor& actor, Object& lock) {
  introduce(lock);
  const bool reads = std::find(lock.readers.begin(), lock.readers.end(), &actor) != lock.readers.end();
  if (lock.writer == &actor || reads) {
    if (chance(60)) {
      release(actor, lock);
    }
  } else if (lock.writer != nullptr && lock.kind == ObjectKind::mutex && chance(8)) {
    release(actor, lock);  // another one's lock: legal for a mutex
  } else {
    acquire(actor, lock, lock.kind == ObjectKind::rwmutex && chance(60));
  }
}

bool Simulation::is_free(const Object& lock, bool is_shared) const {
  return lock.writer == nullptr && (is_shared || lock.readers.empty());
}

void Simulation::acquire(Actor& actor, Object& lock, bool is_shared) {
  const std::uint64_t mode = is_shared ? 1 : 0;
  if (is_free(lock, is_shared)) {
    if (chance(20)) {
      perform(actor, trace::TryLock{site(), lock.id, ++lock.ticket, mode});
    } else {
      perform(actor, trace::Lock{site(), lock.id, ++lock.ticket, mode});
    }
    take(actor, lock, is_shared);
  } else if (chance(20)) {
    write(trace::TryLockFailed{site(), lock.id, mode});
  } else {
    actor.wants_shared = is_shared;
    actor.resume = [this, &lock, is_shared](Actor& self) { acquire(self, lock, is_shared); };
    lock.waiting.push_back(&actor);
    block(actor,
          lock.kind == ObjectKind::mutex ? WaitReason::mutex_lock
          : is_shared                    ? WaitReason::rwmutex_rlock
                                         : WaitReason::rwmutex_lock,
          {lock.id});
  }
}

void Simulation::take(Actor& actor, Object& lock, bool is_shared) {
  if (is_shared) {
    lock.readers.push_back(&actor);
  } else {
    lock.writer = &actor;
  }
}

void Simulation::release(Actor& actor, Object& lock) {
  const bool is_shared = lock.writer == nullptr;
  perform(actor, trace::Unlock{site(), lock.id, ++lock.ticket, is_shared ? 1u : 0u});
  if (is_shared) {
    lock.readers.erase(std::find(lock.readers.begin(), lock.readers.end(), &actor));
  } else {
    lock.writer = nullptr;
  }
  pass_on(lock);
}

void Simulation::pass_on(Object& lock) {
  std::vector<Actor*> still;
  for (Actor* waiter : lock.waiting) {
    if (!is_free(lock, waiter->wants_shared)) {
      still.push_back(waiter);
    } else if (chance(50)) {
      waiter->resume = nullptr;
      perform(*waiter, trace::Lock{site(), lock.id, ++lock.ticket, waiter->wants_shared ? 1u : 0u});
      take(*waiter, lock, waiter->wants_shared);
      wake(*waiter);
    } else {
      ready(*waiter);
    }
  }
  lock.waiting = std::move(still);
}

void Simulation::use_wait_group(Actor& actor, Object& group) {
  introduce(group);
  if (chance(40)) {
    const std::int64_t delta = 1 + static_cast<std::int64_t>(below(2));
    group.counter += delta;
    perform(actor, trace::WgAdd{site(), group.id, ++group.ticket, delta, group.counter});
  } else if (group.counter > 0 && chance(60)) {
    const std::int64_t delta = chance(70) ? -1 : -group.counter;
    group.counter += delta;
    perform(actor, trace::WgAdd{site(), group.id, ++group.ticket, delta, group.counter});
    for (Actor* waiter : group.counter == 0 ? std::exchange(group.waiting, {}) : std::vector<Actor*>()) {
      perform(*waiter, trace::WgWait{site(), group.id, ++group.ticket});
      wake(*waiter);
    }
  } else if (group.counter == 0) {
    perform(actor, trace::WgWait{site(), group.id, ++group.ticket});
  } else {
    group.waiting.push_back(&actor);
    block(actor, WaitReason::wait_group, {group.id});
  }
}

void Simulation::use_once(Actor& actor, Object& once) {
  introduce(once);
  if (once.is_done) {
    perform(actor, trace::OnceWait{site(), once.id, ++once.ticket});
  } else if (once.writer == nullptr) {
    once.writer = &actor;
    perform(actor, trace::OnceBegin{site(), once.id, ++once.ticket});
  } else if (once.writer == &actor) {
    once.is_done = true;
    once.writer = nullptr;
    perform(actor, trace::OnceEnd{site(), once.id, ++once.ticket});
    for (Actor* waiter : std::exchange(once.waiting, {})) {
      if (chance(50)) {
        perform(*waiter, trace::OnceWait{site(), once.id, ++once.ticket});
        wake(*waiter);
      } else {
        waiter->resume = [this, &once](Actor& self) { use_once(self, once); };
        ready(*waiter);
      }
    }
  } else {
    once.waiting.push_back(&actor);
    block(actor, WaitReason::once, {once.id});
  }
}

}  // namespace gordian::oracle
